"""The demo's mailbox: what would have left, read here because nothing leaves."""
