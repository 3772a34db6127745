"""Benchmarks: each prints a raw floor, ours and the ratio, taken in one run, because machines are noisy."""
