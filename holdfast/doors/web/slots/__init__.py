"""The page of a team's slots: held, offered, booked, used, and who waits."""
