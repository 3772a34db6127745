"""The pure domain: values in, decisions out; the standard library only."""
