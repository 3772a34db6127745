"""Settings, addresses, wiring and the `holdfast` command: the only floor that knows every room."""
