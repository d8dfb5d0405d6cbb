"""Databases with a large catalogue: made once for all targets of a run, dropped after it unless kept."""

import hashlib
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit, urlunsplit

import psycopg

from bench.harness import OUTPUT, ROOT, Result
from bench.large.filling import fill

_MOULD = "bench_empty"


@dataclass(frozen=True, slots=True)
class LargeCatalogue:
    """A filled database: its address, how many products it has, what making it and its index took."""

    url: str
    goods: int
    figures: list[Result]

    @property
    def environment(self) -> dict[str, str]:
        """What a process of the portal needs to run on it."""
        redis = urlsplit(os.environ["REDIS_URL"])
        return os.environ | {
            "DATABASE_URL": self.url,
            "REDIS_URL": urlunsplit(redis._replace(path="/5")),
            "CACHE_URL": urlunsplit(redis._replace(path="/6")),
            "DJANGO_SETTINGS_MODULE": "portal.settings",
            "ENVIRONMENT": "demo",  # under "test" every look at the index would bring it up to date itself
            "SECRET_KEY": "benchmarks-only-secret-never-used-anywhere-else",
            "VAR_DIRECTORY": str(OUTPUT / f"large_{self.goods}"),
            "BENCH_GOODS": str(self.goods),
        }

    def inside(self, name: str) -> list[Result]:
        """The figures that a module of bench.inside measures in a process of its own on this database."""
        OUTPUT.mkdir(parents=True, exist_ok=True)
        path = OUTPUT / f"inside_{name}.json"
        command = [sys.executable, "-m", "bench.inside", name, str(path)]
        subprocess.run(command, cwd=ROOT, env=self.environment, check=True)
        return [Result(**row) for row in json.loads(path.read_text())]


class Catalogues:
    """The databases of one run, by number of goods."""

    def __init__(self, *, is_kept: bool) -> None:
        self._is_kept = is_kept
        self._address = os.environ["DATABASE_URL"]
        self._made: dict[str, LargeCatalogue] = {}
        self._names: set[str] = set()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if not self._is_kept:
            with self._server() as server:
                for name in self._names:
                    server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')

    def of(self, goods: int) -> LargeCatalogue:
        """The catalogue of so many goods; what an earlier run left is taken if nothing has changed since."""
        return self.filled("bench", goods, fill)

    def filled(self, kind: str, goods: int, fill: Callable[[str, int], None]) -> LargeCatalogue:
        """The same of another kind, which `fill` puts into an empty database of the address."""
        name = f"{kind}_{goods}"
        if name not in self._made:
            self._made[name] = self._make(name, goods, fill)
        return self._made[name]

    def _make(self, name: str, goods: int, fill: Callable[[str, int], None]) -> LargeCatalogue:
        url = self._url(name)
        mould = self._mould()
        started = time.perf_counter()
        sources = _fingerprint(
            "*/migrations/*.py", "*/*/migrations/*.py", "bench/large/*.py", "bench/trade/*.py"
        )
        if self._is_new(name, mould, sources):
            print(f"filling {name}", flush=True)
            fill(url, goods)
            self._stamp(name, sources)
        filled = Result(f"{goods} goods put into tables", time.perf_counter() - started, "s")
        catalogue = LargeCatalogue(url, goods, [filled])
        catalogue.figures.extend(catalogue.inside("preparation"))
        return catalogue

    def _mould(self) -> str:
        """An empty database with all migrations; they take longer than half of the filling."""
        sources = _fingerprint("*/migrations/*.py", "*/*/migrations/*.py")
        if self._is_new(_MOULD, "template0", sources):
            run = [sys.executable, "manage.py", "migrate", "-v0"]
            environment = os.environ | {"DATABASE_URL": self._url(_MOULD)}
            subprocess.run(run, cwd=ROOT, env=environment, check=True)
            self._stamp(_MOULD, sources)
        return _MOULD

    def _is_new(self, name: str, template: str, sources: str) -> bool:
        """Make the database unless it stands there whole, made of the same sources."""
        self._names.add(name)
        with self._server() as server:
            found = server.execute(
                "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = %s", [name]
            ).fetchone()
            if found is not None and found[0] == sources:
                return False
            server.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            server.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return True

    def _stamp(self, name: str, sources: str) -> None:
        with self._server() as server:
            server.execute(f"COMMENT ON DATABASE \"{name}\" IS '{sources}'")

    def _server(self) -> psycopg.Connection[Any]:
        return psycopg.connect(self._address, autocommit=True)

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._address)._replace(path=f"/{name}"))


def _fingerprint(*patterns: str) -> str:
    digest = hashlib.sha256()
    for path in sorted(path for pattern in patterns for path in ROOT.glob(pattern)):
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
