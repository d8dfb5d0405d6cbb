"""What the search takes of a web process: its dictionaries, the vocabulary, the blocks of 500 queries."""

import gc
import os

import psutil

from bench.harness import Results
from bench.inside.search import Desk, best
from bench.trade.data import cases
from catalog.selectors.search import search_warm, words_warm


def measure(results: Results) -> None:
    """In a process of its own that has done nothing else yet."""
    before = _taken()
    words_warm()
    dictionaries = _taken()
    desk = Desk(int(os.environ["BENCH_GOODS"]))
    ready = _taken()
    search_warm(desk.index)
    for case in cases():
        if case["kind"] == "prefix":
            desk.suggest(case["q"], desk.everything)
        elif case["kind"] != "scope":
            best(desk.find(case["q"], desk.everything))
    found = dictionaries - before + _taken() - ready
    goods = f"{desk.goods:,} goods"
    results.add(f"{goods}, memory of the search in a process", found, "MB", at_most=100)
    results.add(f"{goods}, of it dictionaries that processes share", dictionaries - before, "MB")


def _taken() -> float:
    gc.collect()
    return psutil.Process().memory_full_info().uss / 1e6
