"""What has changed since an order blank was downloaded."""

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from catalog.selectors.stock_totals import stock_totals
from orders.models import Upload, UploadRow, UploadSource
from pricing.selectors import quotes, terms_for

_TENTH, _HUNDRED = Decimal("0.1"), Decimal(100)


@dataclass(frozen=True, slots=True)
class BlankChanges:
    """How many goods cost something else now, by how much together (percent, +1.8), and how many ran out.

    `is_intact` is false where rows or prices of the blank are not those that went out: then only stock
    is compared. `is_elsewhere`: it was made for another contract or city.
    """

    prices: int
    percent: Decimal
    ended: int
    is_intact: bool
    is_elsewhere: bool

    def __bool__(self) -> bool:
        return bool(self.prices or self.ended or not self.is_intact or self.is_elsewhere)


def blank_changes(upload: Upload, *, on: date) -> BlankChanges | None:
    """Compare the ordered rows of a blank with today; None where it is no blank; eight queries at most."""
    blank = upload.layout.get("blank")
    if upload.source != UploadSource.BLANK or not blank:
        return None
    rows = UploadRow.objects.filter(upload=upload, sku__isnull=False, price_then__isnull=False)
    told = rows.values_list("sku_id", "price_then")
    then = {sku_id: price for sku_id, price in told if sku_id is not None and price is not None}
    stocks = stock_totals(sku_ids=then, city=upload.city)
    changed = _changed(upload, then, on) if blank["is_intact"] else {}
    before = sum((then[sku_id] for sku_id in changed), Decimal(0))
    after = sum(changed.values(), Decimal(0))
    return BlankChanges(
        prices=len(changed),
        percent=((after - before) * _HUNDRED / before).quantize(_TENTH, ROUND_HALF_UP)
        if before
        else Decimal(0),
        ended=sum(1 for sku_id in then if sku_id not in stocks or not stocks[sku_id].available),
        is_intact=bool(blank["is_intact"]),
        is_elsewhere=(blank["contract"], blank["city"]) != (upload.contract_id, upload.city_id),
    )


def _changed(upload: Upload, then: dict[int, Decimal], on: date) -> dict[int, Decimal]:
    """Today's price of one base unit where it is another one."""
    terms = terms_for(contract=upload.contract, city=upload.city, on=on)
    now = quotes(sku_ids=then, terms=terms)
    return {
        sku_id: now[sku_id].amount
        for sku_id, price in then.items()
        if sku_id in now and now[sku_id].amount != price
    }
