"""The judge's table as figures."""

import re

from bench.harness import Results

GOALS: dict[str, tuple[float | None, float | None]] = {
    "ALL": (0.975, 0.985),
    "morph": (0.99, None),
    "typo/d1": (0.99, None),
    "typo/d2": (0.96, None),
    "layout": (0.98, None),
    "translit": (0.98, None),
    "sku": (0.99, None),
    "size": (0.99, None),
    "qty": (0.97, None),
    "synonym/given": (1.0, None),
    "synonym/general": (0.85, None),
    "prefix": (None, 1.0),
    "scope": (None, None),
    "stock": (None, None),
    "guard": (None, None),
}
"""The first answer right, one of five right: shares of the queries of a kind."""

_LINE = re.compile(r"^(\S+)\s+n=\s*(\d+) top1=([\d.]+) top5=([\d.]+)(.*)$", re.MULTILINE)
_MORE = {
    "qty": ("number and unit read", 1.0),
    "unchanged": ("left unchanged", 1.0),
    "leak": ("not sold there", 0.0),
}


def tell_judgement(results: Results, label: str, table: str, *, is_judged: bool = True) -> None:
    """A figure for each kind; the table itself is printed, with what was missed."""
    print(table, flush=True)
    for kind, number, first, five, more in _LINE.findall(table):
        if kind not in GOALS:
            continue
        goals = GOALS[kind] if is_judged else (None, None)
        name = f"{label}, {kind} ({number})"
        results.add(f"{name}, first", float(first), "share", at_least=goals[0])
        results.add(f"{name}, of five", float(five), "share", at_least=goals[1])
        for key, value in re.findall(r"(qty|unchanged|leak)=([\d.]+)", more):
            told, goal = _MORE[key]
            limits = {"at_most" if key == "leak" else "at_least": goal} if is_judged else {}
            results.add(f"{name}, {told}", float(value), "", **limits)
    for kind, p95 in re.findall(r"^(search|suggest) ms .*?p95=([\d.]+)", table, re.MULTILINE):
        results.add(f"{label}, {kind} while judged, p95", float(p95), "ms")
