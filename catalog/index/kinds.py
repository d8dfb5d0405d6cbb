"""Kinds of blocks: how each is laid out. Other apps add theirs when Django loads."""

from dataclasses import dataclass
from enum import StrEnum

CHUNK = 4096
"""Ordinals in one piece of a vector: a changed price rewrites one small block."""

FORMAT = 3
"""A generation of another format is built anew at the indexer's start."""


class Layout(StrEnum):
    BITMAPS = "bitmaps"
    NUMBERS = "numbers"
    VECTOR = "vector"
    PACKED = "packed"
    TERMS = "terms"


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of block; a vector has an item type and what stands where nothing is known."""

    name: str
    layout: Layout
    item: str = ""
    empty: float = 0


_kinds: dict[str, Kind] = {}


def kind_add(kind: Kind) -> Kind:
    """Make a kind known to writers and readers. Raises ValueError when the name is taken."""
    if _kinds.setdefault(kind.name, kind) != kind:
        raise ValueError(f"Another kind of block is named {kind.name}")
    return kind


def kind_of(name: str) -> Kind:
    return _kinds[name]


SKU = kind_add(Kind("sku", Layout.VECTOR, "int64"))
PRODUCT = kind_add(Kind("product", Layout.VECTOR, "int64"))
NAME = kind_add(Kind("name", Layout.VECTOR, "int32"))
POPULARITY = kind_add(Kind("popularity", Layout.VECTOR, "float32"))
STOCK = kind_add(Kind("stock", Layout.VECTOR, "float32", float("nan")))
GOODS = kind_add(Kind("goods", Layout.BITMAPS))
SECTIONS = kind_add(Kind("sections", Layout.BITMAPS))
BRANDS = kind_add(Kind("brands", Layout.BITMAPS))
APPLICATIONS = kind_add(Kind("applications", Layout.BITMAPS))
COVERAGE = kind_add(Kind("coverage", Layout.BITMAPS))
VALUES = kind_add(Kind("values", Layout.BITMAPS))
NUMBERS = kind_add(Kind("numbers", Layout.NUMBERS))
WORDS = kind_add(Kind("words", Layout.TERMS))
MARGIN = kind_add(Kind("margin", Layout.VECTOR, "float32"))
PRIORITY = kind_add(Kind("priority", Layout.VECTOR, "float32"))
LEXICON = kind_add(Kind("lexicon", Layout.PACKED))
PHRASES = kind_add(Kind("phrases", Layout.PACKED))

TREE, NAMES, CITIES, TERMS, SEARCH = "tree", "names", "cities", "terms", "search"
ARTICLE, CALCULATORS = "article", "calculators"
"""Touches that rewrite no block: readers drop what they have derived from such rows."""
