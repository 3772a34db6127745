"""Organisations, teams, staff and accounts, duties, agreed channels, and the routing of sources."""
