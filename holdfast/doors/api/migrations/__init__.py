"""Migrations of the API tables."""
