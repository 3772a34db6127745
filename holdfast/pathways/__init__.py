"""Pathway files: read with their line numbers, checked, named by digest, told in plain words and pictures."""
