"""Heartbeats, and alarms of cases whose clocks fail."""
