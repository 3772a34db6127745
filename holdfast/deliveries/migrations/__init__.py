"""Migrations of the deliveries tables."""
