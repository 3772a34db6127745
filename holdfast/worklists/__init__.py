"""Read-model rows written in the deciding transaction, and queries that start from a viewer."""
