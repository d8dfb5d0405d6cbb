"""What stands first in the header's lists."""

from collections.abc import Iterable, Sequence

from counterparties.models import LegalEntity

RECENT_ENTITIES_KEY = "recent_legal_entities"
_REMEMBERED = 5


def recent_with(recent: Sequence[int], chosen: int) -> list[int]:
    """The legal entities chosen lately, the newest first; kept in the session."""
    return [chosen, *(pk for pk in recent if pk != chosen)][:_REMEMBERED]


def latest_first(entities: Iterable[LegalEntity], recent: Sequence[int]) -> list[LegalEntity]:
    """Those chosen lately first, the others as they come."""
    place = {pk: number for number, pk in enumerate(recent)}
    return sorted(entities, key=lambda entity: place.get(entity.pk, len(place)))
