"""The simulator on a virtual clock, and an invented network to run it on."""
