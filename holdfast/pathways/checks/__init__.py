"""What a pathway must hold to besides its shape: names that exist, a time for every tier, ladders that end."""
