"""The person's card, identifiers, consents, access needs and keys."""
