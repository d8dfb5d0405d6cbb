"""Who changed what, on whose behalf: row history kept by database triggers."""
