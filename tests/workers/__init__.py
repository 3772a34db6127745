"""The workers: clocks, deliveries, returns, checkpoints and the watch, step by step and as processes."""
