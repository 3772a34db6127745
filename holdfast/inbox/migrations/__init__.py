"""Migrations of the inbox tables."""
