"""Migrations of the directory tables."""
