"""The vocabulary of the search: words of the catalogue with their inflections, phrases to suggest."""

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, timedelta

import structlog
from django.db import connection, transaction

from catalog.index.codec import PackedBitmaps
from catalog.index.indexing import index_lock
from catalog.index.kinds import LEXICON, PHRASES, SEARCH, WORDS
from catalog.index.weights import MARGINS
from catalog.index.writing import Writing
from catalog.models import IndexGeneration
from catalog.phrases import phrase_normal
from catalog.search.goods_text import naming_words
from catalog.search.lexicon import Lexicon
from catalog.search.phrases import BRAND, PHRASE, SECTION, Line, Phrases
from catalog.selectors.dictionary import phrases_listed, search_weights
from catalog.selectors.queries import queries_frequent
from catalog.selectors.search import synonyms_read

EVERY = timedelta(minutes=10)
"""New words wait so long for their inflections; they are found as they stand at once."""
QUERIES_OF, LEAST_ASKED, MOST_QUERIES = timedelta(days=90), 3, 5_000
LONGEST_PHRASE = 2
_LOCK = (0x1DE, 2)
_PORTION = 5_000

_STALE = """
SELECT generation.id FROM catalog_indexgeneration generation
 WHERE generation.is_live AND (generation.words_at IS NULL OR EXISTS (
        SELECT FROM catalog_indexchange change
         WHERE change.generation_id = generation.id AND change.at > generation.words_at
           AND (change.kind = %s OR change.kind = %s AND generation.words_at < now() - %s::interval)))
"""
_WORDS = """
SELECT owner, payload FROM catalog_indexblock
 WHERE generation_id = %s AND kind = %s AND owner > %s ORDER BY owner LIMIT %s
"""
_NAMES = """
SELECT product.id, product.name, coalesce(brand.name, ''), product.margin_class,
       coalesce((SELECT sum(own.score) FROM catalog_sku sku
                   JOIN catalog_skupopularity own ON own.sku_id = sku.id
                  WHERE sku.product_id = product.id), 0)::float8
  FROM catalog_product product LEFT JOIN catalog_brand brand ON brand.id = product.brand_id
 WHERE product.id > %s AND NOT product.is_hidden ORDER BY product.id LIMIT %s
"""
# With the goods of all that lies below; UNION ends where 1C's data go round. Brands are told of beside.
_SECTIONS = """
WITH RECURSIVE below AS (
    SELECT id AS top_id, id FROM catalog_section
     UNION
    SELECT below.top_id, section.id FROM below JOIN catalog_section section ON section.parent_id = below.id
), own AS (
    SELECT section_id, count(*) AS goods FROM catalog_productsection GROUP BY section_id
)
SELECT section.name, coalesce(sum(own.goods), 0)::float8
  FROM catalog_section section
  JOIN catalog_classifier classifier ON classifier.id = section.classifier_id AND classifier.kind <> 'brands'
  JOIN below ON below.top_id = section.id
  LEFT JOIN own ON own.section_id = below.id
 WHERE NOT section.is_hidden GROUP BY section.id, section.name
"""

log = structlog.get_logger()


@transaction.atomic
def vocabulary_renew(*, on: date, is_forced: bool = False) -> bool:
    """Make the vocabulary of the live index anew if its words or the dictionary have changed.

    Takes seconds of work, of which the index is locked for the last moment only. Returns whether it was
    made; one process makes it, others pass. `on` is the Moscow date: what was looked for in the three
    months before it is suggested. Idempotent.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s, %s), clock_timestamp()", _LOCK)
        is_held, begun_at = cursor.fetchone()
        if not is_held:
            return False
        cursor.execute("SET LOCAL idle_in_transaction_session_timeout = 0")
        cursor.execute("SET LOCAL statement_timeout = '5min'")
    generation_id = _live() if is_forced else _stale()
    if generation_id is None:
        return False
    lexicon = Lexicon.build(_counts(generation_id), synonyms_read().words()).pack()
    weighed = search_weights()
    weights = (weighed.suggest_frequency, weighed.suggest_margin, weighed.suggest_priority)
    phrases = Phrases.build(_lines(on), weights).pack()
    index_lock(is_patient=True)
    if (
        _live() != generation_id
    ):  # built anew meanwhile: the new one has the former vocabulary until next time
        return False
    writing = Writing(generation_id, is_new=False)
    writing.put_packed(LEXICON, lexicon)
    writing.put_packed(PHRASES, phrases)
    writing.flush()
    # What was changed while this was made is not in it.
    IndexGeneration.objects.filter(pk=generation_id).update(words_at=begun_at)
    log.info("vocabulary_made", generation=generation_id, lexicon=len(lexicon), phrases=len(phrases))
    return True


def _live() -> int | None:
    return IndexGeneration.objects.filter(is_live=True).values_list("pk", flat=True).first()


def _stale() -> int | None:
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [SEARCH, WORDS.name, f"{EVERY.total_seconds()} seconds"])
        row = cursor.fetchone()
    return row[0] if row else None


def _counts(generation_id: int) -> dict[str, int]:
    """Goods by term, by number."""
    found: dict[str, int] = {}
    last = -1
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_WORDS, [generation_id, WORDS.name, last, _PORTION])
            rows = cursor.fetchall()
        if not rows:
            return found
        for _owner, payload in rows:
            found |= PackedBitmaps(bytes(payload)).counts()
        last = rows[-1][0]


def _lines(on: date) -> Iterator[Line]:
    """Phrases with how often they are asked, margin 0-1 and priority -1 to 1; hidden ones left out."""
    by_hand = phrases_listed()
    asked = queries_frequent(since=on - QUERIES_OF, least=LEAST_ASKED, limit=MOST_QUERIES)
    with connection.cursor() as cursor:
        cursor.execute(_SECTIONS)
        sections = cursor.fetchall()
    hidden = {phrase_normal(text) for text, _priority, is_hidden in by_hand if is_hidden}
    priorities = {phrase_normal(text): priority / 100 for text, priority, _is_hidden in by_hand}
    lines = [
        *((text, PHRASE, 1.0, 0.5) for text, _priority, _is_hidden in by_hand),
        *((text, PHRASE, float(times), 0.5) for text, times in asked),
        *((name, SECTION, goods, 0.5) for name, goods in sections),
        *_named(),
    ]
    for text, kind, frequency, margin in lines:
        normal = phrase_normal(text)
        if normal not in hidden:
            yield text, kind, frequency, margin, priorities.get(normal, 0.0)


def _named() -> Iterator[tuple[str, str, float, float]]:
    """First words of names, the same with the brand, brands; frequency is goods and their popularity."""
    weight: dict[tuple[str, str], float] = defaultdict(float)
    margins: dict[tuple[str, str], float] = defaultdict(float)
    last = 0
    while True:
        with connection.cursor() as cursor:
            cursor.execute(_NAMES, [last, _PORTION])
            rows = cursor.fetchall()
        if not rows:
            break
        for _pk, name, brand, margin_class, popularity in rows:
            own = 1.0 + popularity
            for phrase in _phrases_of(name, brand):
                weight[phrase] += own
                margins[phrase] += own * MARGINS.get(margin_class, 0.0)
        last = rows[-1][0]
    for (text, kind), total in weight.items():
        yield text, kind, total, margins[text, kind] / total


def _phrases_of(name: str, brand: str) -> Iterator[tuple[str, str]]:
    words = naming_words(name, brand)
    for length in range(1, min(LONGEST_PHRASE, len(words)) + 1):
        head = " ".join(words[:length])
        yield head, PHRASE
        if brand:
            yield f"{head} {brand}", PHRASE
    if brand:
        yield brand, BRAND
