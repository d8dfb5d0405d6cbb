"""The shared data: goods as the generator makes them, queries with what they should find, the judge."""

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

from bench.harness import OUTPUT, ROOT

FOLDER = ROOT.parent / "shared" / "data" / "search"
KEPT = OUTPUT / "trade"


def goods_file(goods: int) -> Path:
    """The goods, a line of JSON each; made once. Raises FileNotFoundError without the shared data."""
    if not FOLDER.is_dir():
        raise FileNotFoundError(
            "the folder with queries and their catalogue does not lie beside the checkout"
        )
    file = KEPT / f"goods_{goods}.jsonl"
    if not file.exists():
        KEPT.mkdir(parents=True, exist_ok=True)
        made = file.with_suffix(".part")
        command = [sys.executable, str(FOLDER / "gen_catalog.py"), "--n", str(goods), "--out", str(made)]
        subprocess.run(command, check=True, env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"})
        made.replace(file)
    return file


@cache
def goods_rows(goods: int) -> list[dict[str, Any]]:
    return _lines(goods_file(goods))


def cases() -> list[dict[str, Any]]:
    """Queries: id, kind, sub, q, what is expected; some with a city, a pair of synonyms, a scope."""
    return _lines(FOLDER / "dev.jsonl")


def texts() -> list[dict[str, Any]]:
    """Articles and reviews: id, scope, title, body."""
    return _lines(FOLDER / "dev_articles.jsonl")


def judged(goods: int, answers: list[dict[str, Any]], name: str) -> str:
    """The judge's table for the answers."""
    file = KEPT / f"answers_{name}_{goods}.jsonl"
    file.write_text("".join(json.dumps(answer, ensure_ascii=False) + "\n" for answer in answers), "utf-8")
    command = [
        sys.executable, str(FOLDER / "judge.py"), "--catalog", str(goods_file(goods)),
        "--cases", str(FOLDER / "dev.jsonl"), "--answers", str(file), "-v",
    ]  # fmt: skip
    run = subprocess.run(
        command,
        check=False,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONDONTWRITEBYTECODE": "1"},
    )
    if run.stderr:
        raise RuntimeError(run.stderr)
    return run.stdout


def _lines(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text("utf-8").splitlines()]
