"""What the administrator asks of the exchange: how fresh, mapped to what, told by which file."""
