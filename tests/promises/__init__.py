"""Attacks with raw SQL on what the database promises to keep, as the application's role and as the tables' owner."""
