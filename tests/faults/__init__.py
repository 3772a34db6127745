"""Killing processes for real, at named points and at random, and looking at what is left."""
