"""The doors: each translates in and out, and decides nothing."""
