"""Answers in the words that the shipped protocols share: to a contact form, about a person with nothing pressing."""

CALM = {"housing.stable": "yes"}

SPOKEN = {"contact.method": "phone", "contact.with": "person", "check.done": "done"}
NOBODY = {"contact.method": "phone", "contact.with": "nobody"}
VOICEMAIL = {"contact.method": "voicemail", "contact.with": "nobody"}
WRONG_NUMBER = {"contact.method": "phone", "contact.with": "wrong-details"}
TOLD = {"card.understood": "yes"}
KEPT = {"attendance.outcome": "kept"}
MISSED = {"attendance.outcome": "missed"}
