"""What other apps hang on legal entities, and how they follow when those are merged or change hands.

An app with such rows gives a `Follower` in its `merging.py`; `apps.ready` imports these modules. All of
them run inside the one transaction of `counterparties.services.merging`, in the order of the apps.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Held:
    """Rows of one kind that belong to legal entities; `total` in RUB with VAT where they have a sum.

    `stays`: the rows cannot be changed and go on naming the merged one; lists show them with its heir's.
    """

    what: str
    ids: tuple[int, ...]
    total: Decimal | None = None
    stays: bool = False

    def as_json(self) -> dict[str, Any]:
        total = None if self.total is None else str(self.total)
        return {"what": self.what, "ids": list(self.ids), "total": total, "stays": self.stays}


@dataclass(frozen=True, slots=True)
class Absorption:
    """One legal entity goes into another of the same holding.

    `contracts` are those of the source that the target has too: source's id -> target's id. All other
    contracts of the source are the target's already.
    """

    source_id: int
    target_id: int
    source_name: str
    contracts: Mapping[int, int]
    at: datetime


@dataclass(frozen=True, slots=True)
class Relocation:
    """Legal entities that belong to another holding from now on, and the one that they leave."""

    entity_ids: frozenset[int]
    holding_id: int
    left_id: int


class Follower(Protocol):
    """Rows of one app."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        """What there is, for the preview and for the record."""
        ...

    def absorb(self, absorption: Absorption) -> None:
        """Give the source's rows to the target; those that cannot change stay."""
        ...

    def relocate(self, relocation: Relocation) -> None:
        """Name the new holding where rows keep its number."""
        ...


_followers: list[Follower] = []


def follow(follower: Follower) -> None:
    """Add an app's rows; called once, when the app is loaded."""
    _followers.append(follower)


def followers() -> tuple[Follower, ...]:
    return tuple(_followers)
