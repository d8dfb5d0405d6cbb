"""What a person decides about rows of an upload. The upload is locked before its rows are read."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import ROUND_DOWN, Decimal

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from catalog.index.reading import catalog_index
from catalog.masks import is_told_exactly
from catalog.search.letters import code_key
from catalog.selectors.stock_totals import stock_totals
from counterparties.actor import Actor
from counterparties.merge_gate import parties_hold
from orders.models import CodeSource, RowState, Upload, UploadRow, UploadState
from orders.quantities import is_whole_unit
from orders.recognition.asked import Asked, Recognised
from orders.recognition.goods import Good, goods_read
from orders.recognition.matching import rows_recognised
from orders.recognition.place import Place
from orders.refusals import StockMasked, UploadChanged, UploadNotReady
from orders.services.codes import codes_remember
from orders.services.upload_reading import client_code, row_asked
from orders.services.uploads import gathering_allowed, upload_locked
from portal.lib.dates import moscow_date

BY_HAND = "hand"
_WRITTEN = [
    "state", "found_by", "sku", "quantity", "factor", "candidates", "message", "is_settled",
    "quantity_text", "unit_text",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decision:
    """One answer to a row: another good (by sku, or by a code typed), a quantity in base units, or none.

    `to_same` gives the same good to all rows that ask for it in the same words; `is_remembered` lets these
    words mean it from now on.
    """

    sku_id: int | None = None
    code: str = ""
    quantity: str = ""
    takes_available: bool = False
    is_skipped: bool = False
    is_reset: bool = False
    to_same: bool = False
    is_remembered: bool = False


@transaction.atomic
def upload_row_decide(
    *, actor: Actor, upload_uid: str, seen_round: int, position: int, decision: Decision, at: datetime
) -> int:
    """Settle a row, and with `to_same` those like it; return how many rows. Idempotent.

    Raises AccessDenied, Upload.DoesNotExist, UploadRow.DoesNotExist, UploadChanged, UploadNotReady,
    StockMasked.
    """
    gathering_allowed(actor)
    parties_hold()
    upload = upload_locked(actor, upload_uid)
    if upload.round != seen_round:
        raise UploadChanged
    if upload.state != UploadState.READY:
        raise UploadNotReady
    row = UploadRow.objects.get(upload=upload, position=position)
    rows = [row, *_alike(row)] if decision.to_same else [row]
    if decision.is_skipped:
        for one in rows:
            _write(one, Recognised(RowState.SKIPPED, message=_("Пропущено вами")))
    else:
        _recognised(upload, rows, decision, at)
    UploadRow.objects.bulk_update(rows, _WRITTEN)
    if decision.is_remembered and row.sku_id and (code := client_code(row)):
        codes_remember(actor=actor, codes={code: row.sku_id}, source=CodeSource.UPLOAD, upload=upload, at=at)
    return len(rows)


def _recognised(upload: Upload, rows: Sequence[UploadRow], decision: Decision, at: datetime) -> None:
    place = Place.of_upload(upload, on=moscow_date(at))
    taken = _taken(upload, rows)
    asked = [_asked(row, upload, decision, is_first=row is rows[0]) for row in rows]
    if decision.takes_available and rows[0].sku_id:
        asked[0] = replace(asked[0], quantity=_available(rows[0].sku_id, place, taken), unit="")
    for row, ask, found in zip(
        rows, asked, rows_recognised(asked, place=place, index=catalog_index(), taken=taken), strict=True
    ):
        row.quantity_text, row.unit_text = ask.quantity[:100], ask.unit[:50]
        is_chosen = bool(decision.sku_id or decision.code) and found.sku_id is not None
        _write(row, replace(found, found_by=BY_HAND) if is_chosen else found)
        row.is_settled = not decision.is_reset


def _asked(row: UploadRow, upload: Upload, decision: Decision, *, is_first: bool) -> Asked:
    """The row in the words of the decision; a typed quantity is in base units and of the first row only."""
    asked = row_asked(row, upload)
    if decision.is_reset:
        return asked
    if decision.code:
        asked = replace(asked, code=decision.code, name="", sku_id=None)
    else:
        asked = replace(asked, sku_id=decision.sku_id or row.sku_id)
    if decision.quantity and is_first:
        asked = replace(asked, quantity=decision.quantity, unit="")
    return asked


def _write(row: UploadRow, found: Recognised) -> None:
    if found.state == RowState.SKIPPED:
        row.state, row.message, row.is_settled = RowState.SKIPPED, found.message, True
        return
    row.state, row.message = found.state, found.message[:500]
    row.sku_id, row.quantity, row.factor = found.sku_id, found.quantity, found.factor
    row.found_by, row.candidates = found.found_by, list(found.candidates)


def _alike(row: UploadRow) -> list[UploadRow]:
    """Other rows that ask for the same good in the same words and that nobody has settled."""
    key = code_key(row.code or row.name)
    others = UploadRow.objects.filter(upload=row.upload_id, is_settled=False).exclude(pk=row.pk)
    waiting = others.exclude(state__in=[RowState.SKIPPED, RowState.READY]).order_by("position")
    return [other for other in waiting if key and code_key(other.code or other.name) == key]


def _taken(upload: Upload, rows: Sequence[UploadRow]) -> dict[int, Decimal]:
    """What all other rows take of each good."""
    others = UploadRow.objects.filter(
        upload=upload, state__in=[RowState.READY, RowState.SHORT], sku__isnull=False
    ).exclude(pk__in=[row.pk for row in rows])
    return dict(others.values("sku").annotate(sum=Sum("quantity")).values_list("sku", "sum"))


def _available(sku_id: int, place: Place, taken: dict[int, Decimal]) -> str:
    """As much as can be ordered now: whole pieces, whole multiples. Raises StockMasked."""
    good = goods_read([sku_id])[sku_id]
    total = stock_totals(sku_ids=[sku_id], city=place.city).get(sku_id)
    if total is None:
        return "0"
    held = total.whole if is_whole_unit(good.unit.code) else total.available
    if not is_told_exactly(held, place.stock_mask):
        raise StockMasked
    return f"{_down(max(held - taken.get(sku_id, Decimal(0)), Decimal(0)), good):f}"


def _down(quantity: Decimal, good: Good) -> Decimal:
    """The largest quantity not above this one that may be ordered."""
    step = good.order_multiple or (Decimal(1) if is_whole_unit(good.unit.code) else Decimal("0.001"))
    return (quantity / step).to_integral_value(rounding=ROUND_DOWN) * step
