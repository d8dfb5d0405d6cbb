"""The search inside a process: the judge's table, times against a bare fetch of bitmaps, hostile texts."""

import os
import random
import time
from collections.abc import Callable, Iterable
from typing import Any

import numpy as np
from django.db import connection
from django.utils import timezone
from pyroaring import BitMap

from bench.harness import Results, percentile
from bench.inside.full_text import full_text_answers
from bench.inside.hostile import hostile_texts
from bench.inside.judge import tell_judgement
from bench.trade.data import cases, goods_rows, judged, texts
from bench.trade.filling import cities_of
from catalog.index.buckets import term_bucket
from catalog.index.codec import PackedBitmaps
from catalog.index.indexing import index_rebuild
from catalog.index.postings import IndexPostings
from catalog.index.reading import Index, catalog_index, forget_index
from catalog.models import IndexText
from catalog.search.finding import Found, find
from catalog.search.suggesting import suggest
from catalog.search.synonyms import Synonyms, shipped_lines
from catalog.search.texts import find_texts
from catalog.selectors.search import (
    goods_searched,
    lexicon_of,
    phrases_of,
    rank,
    search_warm,
    suggestions_for,
    synonyms_of,
    words_warm,
)
from catalog.services.vocabulary import vocabulary_renew

_BARE = (
    "SELECT payload FROM catalog_indexblock WHERE generation_id = %s AND kind = 'words' AND owner = ANY(%s)"
)
ROUNDS = 3
HOSTILE = 10_000


def measure(results: Results) -> None:
    goods = int(os.environ["BENCH_GOODS"])
    _measure_making(results, goods)
    _measure_start(results, goods)
    desk = Desk(goods)
    tell_judgement(results, f"{goods:,} goods", judged(goods, desk.answers(), "search"))
    _measure_speed(results, desk)
    _measure_hostile(results, desk)
    tell_judgement(
        results, f"{goods:,} goods, plain full text search", judged(goods, full_text_answers(goods), "fts"),
        is_judged=False,
    )  # fmt: skip


class Desk:
    """The index of this process and the questions that are asked of it."""

    def __init__(self, goods: int) -> None:
        self.goods = goods
        self.rows = goods_rows(goods)
        self.index: Index = catalog_index()
        self.cities = {name: self.index.city([pk]).available for name, pk in cities_of(self.rows).items()}
        self.everything = self.index.on_sale
        self.postings = Noting(self.index)
        self.lines = tuple(shipped_lines())

    def among(self, case: dict[str, Any]) -> BitMap:
        return self.cities[case["city"]] if case.get("city") else self.everything

    def find(self, text: str, among: BitMap, synonyms: Synonyms | None = None) -> Found:
        return find(
            text, postings=self.postings, lexicon=lexicon_of(self.index),
            synonyms=synonyms or synonyms_of(self.index), among=among, rank=rank(self.index),
        )  # fmt: skip

    def answers(self) -> list[dict[str, Any]]:
        return [self._answer(case) for case in cases()]

    def _answer(self, case: dict[str, Any]) -> dict[str, Any]:
        if case["kind"] == "prefix":
            return self._suggested(case)
        if case["kind"] == "scope":
            return self._text_found(case)
        synonyms = None
        if case.get("sub") == "given":
            synonyms = Synonyms.parse([*self.lines, (*case["pair"], True)])
        started = time.perf_counter()
        found = self.find(case["q"], self.among(case), synonyms)
        ordinals = best(found)
        took = (time.perf_counter() - started) * 1000
        return {
            "id": case["id"], "skus": [self.rows[pk - 1]["sku"] for pk in self.index.sku_ids(ordinals)],
            "total": len(found.goods), "ms": took, "unit": found.unit or None,
            "qty": None if found.quantity is None else float(found.quantity),
            "corrected": found.correction is not None,
        }  # fmt: skip

    def _suggested(self, case: dict[str, Any]) -> dict[str, Any]:
        started = time.perf_counter()
        found = self.suggest(case["q"], self.among(case))
        took = (time.perf_counter() - started) * 1000
        told = [{"text": one.text, "count": one.count} for one in found.suggestions]
        return {"id": case["id"], "suggest": told, "ms": took}

    def suggest(self, text: str, among: BitMap) -> Any:
        return suggest(
            text, postings=self.postings, lexicon=lexicon_of(self.index), synonyms=synonyms_of(self.index),
            phrases=phrases_of(self.index), among=among, rank=rank(self.index),
        )  # fmt: skip

    def _text_found(self, case: dict[str, Any]) -> dict[str, Any]:
        if case["scope"] == "category":
            sections = dict(enumerate(sorted({row["category"].split("/")[-1] for row in self.rows})))
            found = self._in_texts(case["q"], sections)
            return {"id": case["id"], "categories": [sections[key] for key in found]}
        own = {
            text["id"]: f"{text['title']}\n{text['body']}"
            for text in texts()
            if text["scope"] == case["scope"]
        }
        return {"id": case["id"], "docs": self._in_texts(case["q"], own)}

    def _in_texts(self, text: str, own: dict[int, str]) -> list[int]:
        return find_texts(text, own, lexicon=lexicon_of(self.index), synonyms=synonyms_of(self.index))[:10]

    def forget_words(self) -> None:
        """Drop the goods by term that this process keeps, and nothing else."""
        blocks = self.index._blocks
        with blocks._lock:
            for place in [place for place in blocks._entries if place[0] == "words"]:  # type: ignore[index]
                blocks._forget(place)


class Noting(IndexPostings):
    """Takes down which terms a query asks for."""

    def __init__(self, index: Index) -> None:
        super().__init__(index, {})
        self.asked: list[str] = []

    def many(self, terms: Any) -> Any:
        self.asked += terms
        return super().many(terms)


def best(found: Found, most: int = 10) -> Any:
    ordinals, scores = found.scores
    return ordinals[np.argsort(-scores, kind="stable")[:most]]


def _measure_making(results: Results, goods: int) -> None:
    """The whole index with every name analysed, then with none; the vocabulary."""
    IndexText.objects.all().delete()
    for name in ("every name analysed", "names known"):
        started = time.perf_counter()
        index_rebuild()
        results.add(f"{goods:,} goods, index built, {name}", time.perf_counter() - started, "s")
    started = time.perf_counter()
    vocabulary_renew(on=timezone.localdate(), is_forced=True)
    results.add(f"{goods:,} goods, vocabulary made", time.perf_counter() - started, "s")


def _measure_start(results: Results, goods: int) -> None:
    """What a process needs for its first query after the fork."""
    forget_index()
    words_warm()
    started = time.perf_counter()
    index = catalog_index()
    search_warm(index)
    goods_searched(index, "кабель силовой 3х2,5", among=index.on_sale)
    results.add(f"{goods:,} goods, first query of a process", time.perf_counter() - started, "s", at_most=1.0)


def _measure_speed(results: Results, desk: Desk) -> None:
    asked = [case for case in cases() if case["kind"] not in ("prefix", "scope")]
    prefixes = [case["q"] for case in cases() if case["kind"] == "prefix"]
    prefixes += [case["q"][: 3 + place % 5] for place, case in enumerate(asked)]
    bare = percentile(list(_bare_times(desk, asked)), 0.95)
    goods = f"{desk.goods:,} goods"
    results.add(f"{goods}, R: bare fetch of a plan, p95", bare, "ms")

    def search(case: dict[str, Any]) -> Callable[[], object]:
        return lambda: best(desk.find(case["q"], desk.among(case)))

    def offer(text: str) -> Callable[[], object]:
        return lambda: desk.suggest(text, desk.everything)

    warm = _times([search(case) for case in asked])
    cold = _times([search(case) for case in asked], before=desk.forget_words)
    for name, times, limit in (("warm", warm, 2.5), ("cold", cold, 6.0)):
        results.add(f"{goods}, search {name}, p50", percentile(times, 0.5), "ms")
        p95 = percentile(times, 0.95)
        results.add(f"{goods}, search {name}, p95", p95, "ms", at_most=limit * bare, ratio_to=("R", bare))
    times = _times([offer(text) for text in prefixes])
    results.add(f"{goods}, suggestions, p50", percentile(times, 0.5), "ms")
    results.add(f"{goods}, suggestions, p95", percentile(times, 0.95), "ms", at_most=5.0)
    suggestions_for(desk.index, "каб", among=desk.everything)


def _times(acts: list[Callable[[], object]], before: Callable[[], None] | None = None) -> list[float]:
    """Milliseconds of each act after all have been done once."""
    found = []
    for number in range(ROUNDS + 1):
        for act in acts:
            if before is not None:
                before()
            started = time.perf_counter()
            act()
            if number:
                found.append((time.perf_counter() - started) * 1000)
    return found


def _bare_times(desk: Desk, asked: list[dict[str, Any]]) -> Iterable[float]:
    """All bitmaps of a query's plan in one statement, those of its words met, counted, ten taken."""
    for number in range(2):
        for case in asked:
            desk.postings.asked.clear()
            desk.find(case["q"], desk.everything)
            terms = list(dict.fromkeys(desk.postings.asked))[:12]
            started = time.perf_counter()
            with connection.cursor() as cursor:
                cursor.execute(_BARE, [desk.index.generation, [term_bucket(term) for term in terms]])
                blocks = [PackedBitmaps(bytes(payload)) for (payload,) in cursor.fetchall()]
            found = [goods for block in blocks for term in terms if (goods := block.get(term))]
            goods = desk.everything
            for members in found[:3]:
                goods = goods & members
            len(goods), goods[:10]
            if number:
                yield (time.perf_counter() - started) * 1000


def _measure_hostile(results: Results, desk: Desk) -> None:
    acts = hostile_texts(HOSTILE, random.Random(2026))
    times, failed = [], 0
    for text in acts:
        started = time.perf_counter()
        try:
            desk.find(text, desk.everything)
            desk.suggest(text, desk.everything)
        except Exception:
            failed += 1
        times.append((time.perf_counter() - started) * 1000)
    goods = f"{desk.goods:,} goods"
    results.add(
        f"{goods}, {HOSTILE:,} hostile texts, search and suggestions, failed", failed, "texts", at_most=0
    )
    results.add(f"{goods}, hostile texts, p99", percentile(times, 0.99), "ms", at_most=100)
    results.add(f"{goods}, hostile texts, longest", max(times), "ms")
