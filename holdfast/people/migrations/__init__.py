"""Migrations of the people tables."""
