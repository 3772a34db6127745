"""The page of gaps in the rosters."""
