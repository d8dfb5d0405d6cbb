"""Writes of the catalogue."""

from catalog.index.indexing import index_rebuild, index_refresh, index_tidy

__all__ = ["index_rebuild", "index_refresh", "index_tidy"]
