"""Акты сверки over plain values: our books, the client's own act, and one against the other."""
