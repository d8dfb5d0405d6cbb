"""A row as it was written, and what it was taken for."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from orders.models import RowState

ONE: Final = Decimal(1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a row says; `sku_id` is the hidden id of an order blank, or chosen by hand."""

    code: str = ""
    name: str = ""
    quantity: str = ""
    unit: str = ""
    sku_id: int | None = None


@dataclass(frozen=True, slots=True)
class Recognised:
    """What came of a row.

    `quantity` is in base units, `factor` of them to the row's unit. `found_by` is `id`, `client`, `barcode`,
    `article`, `code`, `name` or empty. A CHOICE may know its good: then the quantity is in question.
    """

    state: RowState
    sku_id: int | None = None
    quantity: Decimal | None = None
    factor: Decimal = ONE
    found_by: str = ""
    candidates: tuple[int, ...] = ()
    message: str = ""
