"""Packet fields as form controls, and what came back from them."""
