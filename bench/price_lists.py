"""Price lists of a large catalogue: how long each format takes, and what memory, beside the bare library."""

import json
import subprocess
import sys

from bench.harness import ROOT, Results
from bench.large import Catalogues, LargeCatalogue

_LIMITS = (
    ("csv", 50_000, 3.0, 250.0),
    ("xlsx", 50_000, 8.0, 250.0),
    ("pdf", 5_000, 5.0, 300.0),
    ("pdf", 50_000, 60.0, 300.0),
)


def measure(target: str, catalogues: Catalogues, sizes: list[int]) -> Results:
    """The first of the sizes; a process for each list."""
    results = Results(target)
    catalogue = catalogues.of(sizes[0])
    for kind, rows, seconds, megabytes in _LIMITS:
        _one(results, catalogue, kind, rows, seconds, megabytes)
    return results


def _one(
    results: Results, catalogue: LargeCatalogue, kind: str, rows: int, seconds: float, megabytes: float
) -> None:
    command = [sys.executable, "-m", "bench.inside.price_list", kind, str(rows)]
    done = subprocess.run(
        command, cwd=ROOT, env=catalogue.environment, check=True, capture_output=True, text=True
    )
    told = json.loads(done.stdout.splitlines()[-1])
    name = f"price list, {kind}, {told['rows']:,} rows"
    results.add(name, told["seconds"], "s", at_most=seconds)
    results.add(
        f"{name}, processor", told["processor"], "s", ratio_to=("the bare library", max(told["bare"], 0.001))
    )
    results.add(f"{name}, peak", told["peak_mb"], "MB", at_most=megabytes)
    results.add(f"{name}, file", told["file_mb"], "MB")
