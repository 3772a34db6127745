"""The `holdfast` command: one module per subcommand, each with `add(subparsers)`."""
