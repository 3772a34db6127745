"""The JSON API: everything that a screen can do, in one request each (BEY-27)."""
