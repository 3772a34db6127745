"""My work and my team's work: what is owed, most urgent first."""
