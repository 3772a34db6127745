"""The desk: one way in for every write, on both databases."""
