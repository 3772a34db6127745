"""The web door: pages that translate a request into a command or a query, and decide nothing."""
