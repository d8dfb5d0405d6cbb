"""The shared cache, which may be lost at any moment without anybody noticing."""

import time
from collections.abc import Callable
from typing import Any, TypeVar

import redis.exceptions
import structlog
from django.core.cache.backends.redis import RedisCache

log = structlog.get_logger()
Result = TypeVar("Result")

SILENCE_SECONDS = 5.0


class Silence:
    """Remembers for a moment that Redis did not answer: a page asks it ten times, and must wait once."""

    def __init__(self) -> None:
        self._until = 0.0

    def is_now(self) -> bool:
        return time.monotonic() < self._until

    def begin(self) -> None:
        self._until = time.monotonic() + SILENCE_SECONDS

    def end(self) -> None:
        self._until = 0.0


silence = Silence()  # of the process: Django makes a cache for each thread


class FailOpenRedisCache(RedisCache):
    """A Redis cache that answers "not there" instead of failing when Redis is away.

    Without it a dead Redis turns the sign-in page into an error 500, because rate limits are
    counted in the cache.
    """

    def _or(self, fallback: Result, call: Callable[[], Result]) -> Result:
        if silence.is_now():
            return fallback
        try:
            return call()
        except redis.exceptions.RedisError as error:
            if isinstance(error, redis.exceptions.ConnectionError | redis.exceptions.TimeoutError):
                silence.begin()
            log.warning("cache_away", error=str(error))
            return fallback

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._or(default, lambda: super(FailOpenRedisCache, self).get(key, default, version))

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._or(None, lambda: super(FailOpenRedisCache, self).set(key, value, *args, **kwargs))

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._or({}, lambda: super(FailOpenRedisCache, self).get_many(keys, version))

    def set_many(self, data: Any, *args: Any, **kwargs: Any) -> list[Any]:
        return self._or(list(data), lambda: super(FailOpenRedisCache, self).set_many(data, *args, **kwargs))

    def add(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> bool:
        return self._or(True, lambda: super(FailOpenRedisCache, self).add(key, value, *args, **kwargs))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        return self._or(delta, lambda: super(FailOpenRedisCache, self).incr(key, delta, version))

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, lambda: super(FailOpenRedisCache, self).delete(key, version))

    def has_key(self, key: Any, version: int | None = None) -> bool:
        return self._or(False, lambda: super(FailOpenRedisCache, self).has_key(key, version))
