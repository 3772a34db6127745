"""The only way in for a write: handle(envelope) gives an outcome."""
