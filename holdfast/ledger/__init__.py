"""The record: append-only entries, their chain, their log, and the proofs that it was not altered."""
