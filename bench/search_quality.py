"""Answer the cases of search and let their judge mark them: `python -m bench.search_quality --goods 50000
[-v]`.

The catalogue and the cases lie in ../shared/data/search (or where `--data` says); nothing of them is kept
here.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from importlib import import_module
from math import log
from pathlib import Path
from typing import Any

import numpy as np
from pyroaring import BitMap

from bench.search_memory import MemoryPostings
from catalog.search.finding import find
from catalog.search.goods_text import GoodsText, naming_words
from catalog.search.lexicon import Lexicon
from catalog.search.phrases import Phrases
from catalog.search.suggesting import suggest
from catalog.search.synonyms import Synonyms, shipped_lines
from catalog.search.texts import find_texts

ROOT = Path(__file__).resolve().parent.parent
DATA = ROOT.parent / "shared" / "data" / "search"
KEPT = ROOT / "var" / "search"


def main() -> None:
    arguments = _arguments()
    KEPT.mkdir(parents=True, exist_ok=True)
    data = Path(arguments.data)
    catalogue = _catalogue(data, arguments.goods, arguments.vocab)
    rows = [json.loads(line) for line in catalogue.read_text("utf-8").splitlines()]
    rows.sort(key=lambda row: -_rank(row))
    bench = Bench(rows, data)
    cases = [json.loads(line) for line in (data / "dev.jsonl").read_text("utf-8").splitlines()]
    if arguments.kind:
        cases = [case for case in cases if case["kind"] in arguments.kind.split(",")]
    answers = KEPT / "answers.jsonl"
    with answers.open("w", encoding="utf-8") as file:
        for case in cases:
            file.write(json.dumps(bench.answer(case), ensure_ascii=False) + "\n")
    chosen = KEPT / "cases.jsonl"
    chosen.write_text("\n".join(json.dumps(case, ensure_ascii=False) for case in cases), "utf-8")
    command = [
        sys.executable,
        str(data / "judge.py"),
        "--catalog",
        str(catalogue),
        "--cases",
        str(chosen),
        "--answers",
        str(answers),
    ]
    subprocess.run(
        [*command, *(["-v"] if arguments.v else [])],
        check=False,
        env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"},
    )
    if arguments.v:
        bench.explain(cases, answers)


class Bench:
    """The catalogue in memory, in order of rank."""

    def __init__(self, rows: list[dict[str, Any]], data: Path) -> None:
        self.rows = rows
        began = time.perf_counter()
        self.postings = MemoryPostings(_texts(rows))
        print(
            f"terms of {len(rows)} goods: {(time.perf_counter() - began) / len(rows) * 1000:.3f} ms a good",
            file=sys.stderr,
        )
        self.lines = list(shipped_lines())
        self.synonyms = Synonyms.parse(self.lines)
        began = time.perf_counter()
        packed = self.postings.lexicon(self.synonyms).pack()
        built = time.perf_counter()
        self.lexicon = Lexicon.unpack(packed)
        print(
            f"lexicon: {len(self.lexicon.words)} words, {len(self.lexicon.forms)} forms, "
            f"{len(packed) / 1e6:.1f} MB, "
            f"built in {built - began:.1f} s, unpacked in {(time.perf_counter() - built) * 1000:.0f} ms",
            file=sys.stderr,
        )
        self.rank = np.array([_rank(row) for row in rows], np.float32)
        self.everywhere = BitMap(range(len(rows)))
        cities = {city for row in rows for city in row["stock"]}
        self.cities = {
            city: BitMap(n for n, row in enumerate(rows) if row["stock"].get(city, 0) > 0) for city in cities
        }
        self.phrases = Phrases.unpack(Phrases.build(_phrases(rows)).pack())
        self.texts = _small_sets(rows, data)
        self._warm()

    def _warm(self) -> None:
        self._found("тест", self.everywhere, self.synonyms)

    def _found(self, text: str, among: BitMap, synonyms: Synonyms) -> Any:
        return find(
            text, postings=self.postings, lexicon=self.lexicon, synonyms=synonyms, among=among, rank=self.rank
        )

    def answer(self, case: dict[str, Any]) -> dict[str, Any]:
        among = self.cities[case["city"]] if case.get("city") else self.everywhere
        synonyms = self.synonyms
        if case.get("sub") == "given":
            synonyms = Synonyms.parse([*self.lines, (*case["pair"], True)])
        if case["kind"] == "prefix":
            return self._suggested(case, among)
        if case["kind"] == "scope":
            return self._texts_found(case)
        began = time.perf_counter()
        found = self._found(case["q"], among, synonyms)
        best = found.scores[0][np.argsort(-found.scores[1], kind="stable")[:10]]
        took = (time.perf_counter() - began) * 1000
        return {
            "id": case["id"],
            "skus": [self.rows[ordinal]["sku"] for ordinal in best.tolist()],
            "total": len(found.goods),
            "ms": took,
            "qty": float(found.quantity) if found.quantity is not None else None,
            "unit": found.unit,
            "corrected": found.correction is not None,
            "understood": found.correction,
            "dropped": found.dropped,
        }

    def _suggested(self, case: dict[str, Any], among: BitMap) -> dict[str, Any]:
        began = time.perf_counter()
        found = suggest(
            case["q"],
            postings=self.postings,
            lexicon=self.lexicon,
            synonyms=self.synonyms,
            phrases=self.phrases,
            among=among,
            rank=self.rank,
        )
        took = (time.perf_counter() - began) * 1000
        return {
            "id": case["id"],
            "suggest": [{"text": s.text, "count": s.count} for s in found.suggestions],
            "ms": took,
            "understood": found.text,
        }

    def _texts_found(self, case: dict[str, Any]) -> dict[str, Any]:
        texts = self.texts[case["scope"]]
        found = find_texts(case["q"], texts, lexicon=self.lexicon, synonyms=self.synonyms)[:10]
        if case["scope"] == "category":
            return {"id": case["id"], "categories": [texts[key] for key in found]}
        return {"id": case["id"], "docs": found}

    def explain(self, cases: list[dict[str, Any]], answers: Path) -> None:
        """How each missed case was understood; what the judge calls a miss is not in the first place."""
        sys.path.insert(0, str(DATA))
        predicate = import_module("predicate")
        by_sku = {row["sku"]: row for row in self.rows}
        given = {answer["id"]: answer for answer in map(json.loads, answers.read_text("utf-8").splitlines())}
        for case in cases:
            answer = given[case["id"]]
            if "skus" not in answer:
                continue
            first = by_sku[answer["skus"][0]] if answer["skus"] else None
            is_right = first is not None and predicate.ok(first, case["expect"])
            is_quantity_right = case["kind"] != "qty" or (answer["qty"], answer["unit"]) == (
                case["qty"],
                case["unit"],
            )
            if is_right and is_quantity_right:
                continue
            name = first["name"] if first else "-"
            understood = f"{answer['understood']!r} without {answer['dropped']}, {answer['total']} found"
            asked = f"{answer['qty']} {answer['unit']}"
            print(
                case["id"],
                case["kind"],
                case.get("sub"),
                repr(case["q"]),
                f"as {understood}: {name}; {asked}",
            )


def _rank(row: dict[str, Any]) -> float:
    return 0.7 * log(1 + row["popularity"]) / log(2000) + 0.3 * row["margin"] + row["priority"]


def _texts(rows: list[dict[str, Any]]) -> Iterator[GoodsText]:
    for row in rows:
        yield GoodsText(
            name=row["name"],
            brand=row["brand"],
            articles=tuple(code for code in (row["article"], row["sku"]) if code),
            barcodes=(row["barcode"],),
            sections=tuple(row["category"].split("/")),
            unit=row["unit"],
        )


def _phrases(rows: list[dict[str, Any]]) -> Iterator[tuple[str, str, float, float, float]]:
    """Sections, names of goods by their first words, those with the brand, brands."""
    counts: Counter[tuple[str, str]] = Counter()
    for row in rows:
        words = naming_words(row["name"], row["brand"])
        for length in range(1, min(2, len(words)) + 1):
            head = " ".join(words[:length])
            counts[head, "phrase"] += 1
            if row["brand"]:
                counts[f"{head} {row['brand']}", "phrase"] += 1
        counts[row["category"].split("/")[-1], "section"] += 1
        if row["brand"]:
            counts[row["brand"], "brand"] += 1
    return ((text, kind, count, 0.2, 0.0) for (text, kind), count in counts.items())


def _small_sets(rows: list[dict[str, Any]], data: Path) -> dict[str, dict[int, str]]:
    sets: dict[str, dict[int, str]] = {"article": {}, "review": {}}
    for line in (data / "dev_articles.jsonl").read_text("utf-8").splitlines():
        text = json.loads(line)
        sets[text["scope"]][text["id"]] = f"{text['title']}\n{text['body']}"
    sections = sorted({row["category"].split("/")[-1] for row in rows})
    return {**sets, "category": dict(enumerate(sections))}


def _catalogue(data: Path, goods: int, vocab: str) -> Path:
    file = KEPT / f"{vocab}-{goods}.jsonl"
    if not file.exists():
        command = [
            sys.executable,
            str(data / "gen_catalog.py"),
            "--n",
            str(goods),
            "--vocab",
            vocab,
            "--out",
            str(file),
        ]
        subprocess.run(command, check=True, env={**os.environ, "PYTHONDONTWRITEBYTECODE": "1"})
    return file


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--goods", type=int, default=50_000)
    parser.add_argument("--vocab", default="dev")
    parser.add_argument("--data", default=str(DATA))
    parser.add_argument("--kind", default="", help="only these kinds, by comma")
    parser.add_argument("-v", action="store_true", help="print what was missed")
    return parser.parse_args()


if __name__ == "__main__":
    main()
