"""Terms of the search lie by the dozen in a block: most have a good or two, and a row each would be slow."""

from zlib import crc32

BUCKETS = 1 << 16


def term_bucket(term: str) -> int:
    """The block that keeps the goods of a term, 0 to `BUCKETS`."""
    return crc32(term.encode()) % BUCKETS
