"""Milliseconds of an act, by the clock and by the processor: the second does not mind busy neighbours."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from django.test import Client

from bench.harness import Results, percentile


@dataclass(frozen=True, slots=True)
class Timing:
    """Times of single acts, in milliseconds."""

    wall: list[float]
    processor: list[float]

    @property
    def p50(self) -> float:
        return percentile(self.wall, 0.5)

    def tell(self, results: Results, name: str, limit: float | None = None) -> None:
        results.add(f"{name}, p50", self.p50, "ms")
        results.add(f"{name}, p95", percentile(self.wall, 0.95), "ms", at_most=limit)
        results.add(f"{name}, p95 of processor", percentile(self.processor, 0.95), "ms")


def timed(act: Callable[[], object], rounds: int, *, is_warmed: bool = True) -> Timing:
    """Times of the rounds, after one that warms up."""
    return timed_each([act], rounds, is_warmed=is_warmed)


def timed_each(acts: list[Callable[[], object]], rounds: int, *, is_warmed: bool = True) -> Timing:
    """Times of each of the acts in each round."""
    measured = list(_measured(acts, rounds + is_warmed))[len(acts) * is_warmed :]
    return Timing([wall for wall, _ in measured], [processor for _, processor in measured])


def _measured(acts: list[Callable[[], object]], rounds: int) -> Iterator[tuple[float, float]]:
    for _ in range(rounds):
        for act in acts:
            started, worked = time.perf_counter(), time.thread_time()
            act()
            yield (time.perf_counter() - started) * 1000, (time.thread_time() - worked) * 1000


def page(client: Client, path: str) -> Callable[[], None]:
    """An act that asks for a page, whole. It raises RuntimeError where the page is not shown."""
    return partial(_get, client, path)


def _get(client: Client, path: str) -> None:
    answer = client.get(path)
    if answer.status_code != 200:
        raise RuntimeError(f"{path} answered {answer.status_code}")
    if answer.streaming:
        b"".join(answer)
