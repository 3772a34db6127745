"""What governance looks at: every exception, none left out."""
