"""What 1C sends as JSON: its shape, its words and the addresses that take it."""
