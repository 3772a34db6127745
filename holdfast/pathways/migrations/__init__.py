"""Migrations of the pathways tables."""
