"""Private files: kept once by content, served only by a view that has asked who may see them."""
