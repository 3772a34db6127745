"""The secure link: a partner without an account answers from a message, on a phone, in under a minute (REC-07)."""
