"""Migrations of the desk tables."""
