"""The pages of pathways: read in words, propose an edition, decide on one, and move open cases."""
