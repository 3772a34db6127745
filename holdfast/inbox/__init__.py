"""What arrived from outside: sealed, digested, and what became of it."""
