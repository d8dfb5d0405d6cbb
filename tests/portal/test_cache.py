"""The cache while Redis is away or frozen."""

import socket
import time
from collections.abc import Iterator

import pytest

from portal import cache
from portal.cache import FailOpenRedisCache

PATIENCE = {"OPTIONS": {"socket_timeout": 0.5, "socket_connect_timeout": 0.5}}


@pytest.fixture
def frozen() -> Iterator[FailOpenRedisCache]:
    """A cache whose Redis takes connections and never answers."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield FailOpenRedisCache(f"redis://127.0.0.1:{listener.getsockname()[1]}/0", PATIENCE)
    cache.silence.end()


def test_frozen_redis_holds_a_page_up_once(frozen: FailOpenRedisCache) -> None:
    began = time.monotonic()

    answers = [frozen.get("key", "none") for _call in range(10)]

    assert answers == ["none"] * 10
    assert time.monotonic() - began < 2


def test_every_call_has_an_answer_without_redis(frozen: FailOpenRedisCache) -> None:
    answers = [
        frozen.get("key"),
        frozen.set("key", 1),
        frozen.add("key", 1),
        frozen.incr("key", 2),
        frozen.delete("key"),
        frozen.has_key("key"),
        frozen.get_many(["key"]),
        frozen.set_many({"key": 1}),
    ]

    assert answers == [None, None, True, 2, False, False, {}, ["key"]]


def test_redis_is_asked_again_after_a_while(
    frozen: FailOpenRedisCache, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cache, "SILENCE_SECONDS", 0.0)

    frozen.get("key")

    assert not cache.silence.is_now()
