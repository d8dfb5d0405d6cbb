"""What the portal asks of a CRM, whichever it is, and how it may be answered."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from typing import Any, Protocol

from integrations.crm.things import Thing

DIGEST_LENGTH = 32


class CrmTired(Exception):
    """The CRM asks to be left alone for so many seconds; nothing was done."""

    def __init__(self, seconds: float, reason: str) -> None:
        self.seconds = seconds
        super().__init__(reason)


class CrmUnavailable(Exception):
    """No answer, or its own trouble: whether something was done is not known."""


class CrmClosed(Exception):
    """The portal is not let in: somebody has to look at the account. The reason is in Russian."""


class CrmRefused(Exception):
    """The CRM understood and will not do it."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A thing in the words of a CRM. `fresh` is written with a new card only."""

    kind: str
    origin: str
    fields: Mapping[str, Any]
    fresh: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[Mapping[str, Any], ...] = ()
    inn: str = ""
    kpp: str = ""
    ogrn: str = ""
    name: str = ""

    @property
    def digest(self) -> str:
        """Of the fields in the first half, of the rows in the second."""
        return digest_of(self.fields) + digest_of({"rows": [dict(row) for row in self.rows]})


@dataclass(frozen=True, slots=True)
class Work:
    """A card to be written. `is_settled` when it was written wholly before."""

    number: int
    draft: Draft
    external_id: str
    is_settled: bool
    former: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a work. Without an error it is written; `is_final` errors are not tried again."""

    number: int
    external_id: str = ""
    error: str = ""
    is_final: bool = False
    is_doubtful: bool = False
    is_gone: bool = False


@dataclass(frozen=True, slots=True)
class Card:
    """A card as it stands in a CRM; `manager` and `segment` are its words, empty for none."""

    kind: str
    external_id: str
    values: Mapping[str, Any]
    manager: str = ""
    segment: str = ""
    changed_at: datetime | None = None


class CrmGateway(Protocol):
    """A CRM. Every method raises CrmTired, CrmUnavailable, CrmClosed."""

    portion: int

    def draft(self, thing: Thing, *, company_id: str, contact_id: str) -> Draft:
        """Put a thing into the words of the CRM; asks nobody."""
        ...

    def write(self, works: Sequence[Work], *, taken: frozenset[str]) -> list[Outcome]:
        """Write cards of one kind, at most `portion`; a card that is there already is found, not doubled.

        `taken` are numbers of cards that belong to other things.
        """
        ...

    def read(self, kind: str, external_id: str) -> Card | None:
        """A card as it stands now."""
        ...

    def changed(self, kind: str, since: datetime) -> Iterator[Card]:
        """Cards that were changed since a moment, by number."""
        ...

    def check(self) -> str:
        """Ask something harmless; say whom the CRM takes us for."""
        ...


def digest_of(values: Mapping[str, Any]) -> str:
    """A short digest of values that says the same for `100`, `"100.00"` and Decimal(100)."""
    text = json.dumps(_plain(values), sort_keys=True, ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:DIGEST_LENGTH]


def is_as_written(card: Card, draft: Draft, written: str) -> bool:
    """Whether a card stands as the portal has written it: then its change is the echo of our own."""
    seen = {name: card.values.get(name) for name in draft.fields}
    return bool(written) and digest_of(seen) == written[:DIGEST_LENGTH]


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _plain(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(inner) for inner in value]
    if value is None or isinstance(value, bool):
        return "" if value is None else value
    text = str(value).strip().replace("\r\n", "\n")
    try:
        number = Decimal(text)
    except InvalidOperation:
        return text
    return format(number.normalize(), "f") if number.is_finite() and len(text) < 20 else text
