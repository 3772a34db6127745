"""Migrations of the worklists tables."""
