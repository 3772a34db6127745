"""What leaves the house: the outbox, its attempts, and the channels that carry a notice to a team."""
