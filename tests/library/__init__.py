"""The shipped protocols, each driven through the doors that people have."""
