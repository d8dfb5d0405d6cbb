"""The large catalogue that pages and index are measured on, put straight into tables.

50,000 goods × 1,200 properties × 24 cities × 20 price types × 2,000 contracts, the same rows in every run.
"""

from bench.large.database import Catalogues, LargeCatalogue

__all__ = ["Catalogues", "LargeCatalogue"]
