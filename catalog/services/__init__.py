"""Writes of the catalogue that are not 1C's: what administrators and the portal itself add to it."""
