"""The quick order pad: its kept rows, and what they are taken for."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from catalog.index.reading import Index
from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.models import Pad
from orders.pad import PadRow, pad_restored
from orders.recognition.asked import Asked, Recognised
from orders.recognition.matching import rows_recognised
from orders.recognition.place import Place


@dataclass(frozen=True, slots=True)
class PadDraft:
    """The kept rows of a workplace; `round` tells pages of before and after a sending apart."""

    rows: tuple[PadRow, ...] = ()
    round: int = 0


def pad_draft(*, actor: Actor, workplace: Workplace) -> PadDraft:
    """The kept rows of the person for the workplace; one query."""
    pads = Pad.objects.visible_to(actor).filter(
        legal_entity=workplace.legal_entity, contract=workplace.contract, city=workplace.city
    )
    pad = pads.first()
    return PadDraft(tuple(pad_restored(pad.rows)), pad.round) if pad else PadDraft()


def pad_recognised(rows: Sequence[PadRow], *, place: Place, index: Index) -> list[Recognised | None]:
    """What each row was taken for; an empty one for nothing."""
    answers = iter(rows_recognised(pad_asked(rows), place=place, index=index))
    return [None if row.is_empty else next(answers) for row in rows]


def pad_asked(rows: Iterable[PadRow]) -> list[Asked]:
    """Rows as recognition takes them, empty ones left out."""
    return [Asked(row.code, "", row.quantity, row.unit, row.sku) for row in rows if not row.is_empty]
