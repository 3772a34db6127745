"""Migrations of the clocks tables."""
