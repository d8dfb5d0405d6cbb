"""The order blank: what a price list in Excel carries so that it can come back as an order.

A sheet `_meta`, which no menu of Excel shows, holds rows of a key and a value. The sheet of goods has
two hidden columns, whose heads are `sku` (the id) and `price` (the client's own price of one base unit
in RUB, as its terms had it; empty where it was on request), and a visible one headed `Заказ`.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from typing import Protocol
from uuid import UUID

META_SHEET = "_meta"
VERSION = "1"
SKU_HEAD, PRICE_HEAD, ORDER_HEAD = "sku", "price", "Заказ"
KEYS = ("price_list", "version", "city", "contract", "currency", "generated_at", "sha256")


class Digest(Protocol):
    def update(self, data: bytes, /) -> None: ...

    def hexdigest(self) -> str: ...


def rows_digest() -> Digest:
    """An empty sum over rows; `row_add` adds each in the order of the sheet."""
    return sha256()


def row_add(digest: Digest, sku_id: int, price: Decimal | None) -> None:
    digest.update(f"{sku_id};{price_text(price)}\n".encode())


def price_text(price: Decimal | None) -> str:
    """`1234.5`: no idle zeros, a price on request is empty."""
    return "" if price is None else f"{price.normalize():f}"


def meta_rows(
    *,
    price_list: UUID,
    city_id: int,
    contract_id: int,
    currency: str,
    generated_at: datetime,
    rows_sha256: str,
) -> Iterable[tuple[str, str]]:
    """What the hidden sheet says, all of it text."""
    values = (
        str(price_list),
        VERSION,
        str(city_id),
        str(contract_id),
        currency,
        generated_at.isoformat(),
        rows_sha256,
    )
    return zip(KEYS, values, strict=True)
