"""Tests of evidence, verification, backup and restore."""
