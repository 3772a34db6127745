"""One folder for each way of telling somebody that something waits for them."""
