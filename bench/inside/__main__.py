"""python -m bench.inside NAME FILE: set Django up, let the module measure, write its figures."""

import gc
import json
import sys
from dataclasses import asdict
from importlib import import_module
from pathlib import Path

import django

from bench.harness import Results


def main(name: str, path: str) -> None:
    django.setup()
    results = Results(name)
    measured = import_module(f"bench.inside.{name}")
    gc.freeze()  # as a web process does once it is warm
    measured.measure(results)
    Path(path).write_text(json.dumps([asdict(row) for row in results.rows]))


if __name__ == "__main__":
    main(*sys.argv[1:])
