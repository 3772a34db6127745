"""Tests of the pathway room."""
