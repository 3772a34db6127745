"""The databases that the tests run on: a SQLite file or a throw-away PostgreSQL cluster."""
