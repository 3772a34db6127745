"""Holdfast: a person who moves between services always has one named, accountable owner, and it can be proved."""
