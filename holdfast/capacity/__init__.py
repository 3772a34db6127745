"""Slots as rows: what each team holds, offers and has booked, and who waits; derived from the pools' own streams."""
