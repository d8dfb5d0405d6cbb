"""python -m bench [target …] [--goods N …] [--keep]: measure, print a table, write var/bench/*.json."""

import argparse
import os
import sys
import time

from bench import (
    analytics,
    confirm,
    exchange,
    fresh,
    index,
    money,
    morning,
    orders,
    orders_history,
    pages,
    search,
)
from bench.harness import Results
from bench.large import Catalogues

TARGETS = {
    "confirm": confirm.measure,
    "exchange": exchange.measure,
    "index": index.measure,
    "pages": pages.measure,
    "fresh": fresh.measure,
    "orders": orders.measure,
    "history": orders_history.measure,
    "search": search.measure,
    "money": money.measure,
    "morning": morning.measure,
    "analytics": analytics.measure,
}
GOODS = [50_000, 200_000]
OWN_GOODS = {
    "confirm": [confirm.GOODS],
    "exchange": [exchange.GOODS],
    "orders": [orders.GOODS],
    "money": [money.GOODS],
    "morning": [morning.GOODS],
    "analytics": [analytics.GOODS],
}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("targets", nargs="*", metavar="target", help=", ".join(TARGETS))
    parser.add_argument("--goods", nargs="+", type=int, help="sizes of the large catalogue")
    parser.add_argument("--keep", action="store_true", help="keep its databases for the next run")
    chosen = parser.parse_args(arguments)
    if unknown := [name for name in chosen.targets if name not in TARGETS]:
        print(f"unknown target: {', '.join(unknown)}; there are: {', '.join(TARGETS)}")
        return 2
    with Catalogues(is_kept=chosen.keep) as catalogues:
        for name in chosen.targets or [name for name in TARGETS if name != "confirm"]:  # a part of orders
            results: Results = TARGETS[name](name, catalogues, chosen.goods or OWN_GOODS.get(name, GOODS))
            results.add("load of the machine, of its processors", _load(), "times")
            results.add("a million additions in Python, by the processor's time", _speed(), "ms")
            results.save()
    return 0


def _load() -> float:
    """Well above one, and somebody else has been at work: times by the clock are too long then."""
    return os.getloadavg()[0] / (os.cpu_count() or 1)


def _speed() -> float:
    """How fast the machine is just now, to compare runs by."""
    started = time.thread_time()
    sum(number + 1 for number in range(1_000_000))
    return (time.thread_time() - started) * 1000


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
