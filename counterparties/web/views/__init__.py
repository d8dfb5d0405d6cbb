"""Pages of clients, for themselves and for those who serve them; one module for each noun."""
