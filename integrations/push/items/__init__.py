"""One module a stream: the shape of its items."""
