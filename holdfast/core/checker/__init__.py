"""The checker: proves a pathway before it runs, or shows by the shortest trace where it fails."""
