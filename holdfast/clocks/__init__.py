"""One row per armed clock; what is due."""
