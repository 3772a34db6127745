"""Independent re-checks and evidence: what the record proves about a case, and whether the record itself still holds."""
