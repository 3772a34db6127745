"""The house rules, held by tests: what a reader may rely on in every file of the repository."""
