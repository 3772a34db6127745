"""The checker is checked: what it proves, what it refutes and with which trace, and that its abstraction is true to the engine."""
