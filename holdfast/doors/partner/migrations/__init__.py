"""Migrations of the partner door."""
