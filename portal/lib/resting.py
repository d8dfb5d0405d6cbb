"""When an outside service is left alone: after failures in a row, or as long as it asks."""

from dataclasses import dataclass

from django.core.cache import cache

_LONGEST_REST = 300


@dataclass(frozen=True, slots=True)
class Rest:
    """So many failures within so many seconds end in a rest until those seconds are over.

    Shared by all processes through the cache; a lost cache only makes somebody ask in vain.
    """

    name: str
    failures: int
    seconds: int

    def is_on(self) -> bool:
        """Tell whether nobody should wait for an answer now."""
        return bool(cache.get(self._asked_key)) or cache.get(self._key, 0) >= self.failures

    def failed(self) -> None:
        """Count a question that got no answer."""
        cache.add(self._key, 0, self.seconds)
        try:
            cache.incr(self._key)
        except ValueError:  # it ran out between the two
            cache.set(self._key, 1, self.seconds)

    def worked(self) -> None:
        cache.delete(self._key)

    def ask_for(self, seconds: int) -> None:
        """The service asked to come later; five minutes are the most that is believed."""
        cache.set(self._asked_key, 1, min(max(seconds, 1), _LONGEST_REST))

    @property
    def _key(self) -> str:
        return f"{self.name}:failures"

    @property
    def _asked_key(self) -> str:
        return f"{self.name}:rest"
