"""Template tags of the house look."""
