"""Faults planted to test the checker with."""
