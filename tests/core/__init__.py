"""The engine: decisions, the fold, business time; nothing here needs a database."""
