"""Goods by term of the search, as one request's index has them."""

from collections.abc import Collection, Mapping

from django.db import connection
from pyroaring import BitMap

from catalog.index.reading import Index
from catalog.index.words import CODE

_STARTING = """
SELECT code FROM catalog_indexcode WHERE generation_id = %s AND code >= %s AND code < %s
 ORDER BY code LIMIT %s
"""
_AFTER = "\U0010ffff"


class IndexPostings:
    """What `catalog.search` asks of the index; `sections` are goods by the terms of their sections' names."""

    def __init__(self, index: Index, sections: Mapping[str, BitMap]) -> None:
        self._index, self._sections = index, sections
        self.size = index.size

    def many(self, terms: Collection[str]) -> Mapping[str, BitMap]:
        """Goods by term, unknown ones absent; at most one query."""
        of_sections = {term: self._sections[term] for term in terms if term in self._sections}
        asked = [term for term in terms if term not in of_sections]
        return self._index.words(asked) | of_sections if asked else of_sections

    def starting(self, prefix: str, most: int) -> Mapping[str, BitMap]:
        """Codes that begin so, in their order, with their goods; two queries."""
        if not prefix.startswith(CODE):
            return {}
        beginning = prefix.removeprefix(CODE)
        with connection.cursor() as cursor:
            cursor.execute(_STARTING, [self._index.generation, beginning, beginning + _AFTER, most])
            return self.many([CODE + code for (code,) in cursor.fetchall()])
