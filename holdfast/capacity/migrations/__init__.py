"""Migrations of the capacity tables."""
