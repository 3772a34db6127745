"""Tests of the record and its proofs."""
