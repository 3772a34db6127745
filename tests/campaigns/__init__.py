"""Long runs with a kept report; each has a sample in the ordinary suite."""
