"""What 1C sends as JSON: its shape, its words, and the files that it points to."""
