"""What goes on by itself: clocks, deliveries, returns, rescue, checkpoints and the watch over them."""
