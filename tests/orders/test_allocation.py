"""From which warehouses goods are taken."""

from decimal import Decimal

import pytest

from catalog.selectors import WarehouseStock
from counterparties.models import TaxRegime
from orders.allocation import allocate
from orders.vat import vat_rate


def stocks(*available: str) -> list[WarehouseStock]:
    return [
        WarehouseStock(
            warehouse_id=place, warehouse=f"Склад {place}", available=Decimal(quantity), delivery_days=1
        )
        for place, quantity in enumerate(available, start=1)
    ]


@pytest.mark.parametrize(
    ("wanted", "is_whole", "taken", "missing"),
    [
        ("4", True, [(1, "4")], "0"),
        ("12", True, [(1, "10"), (2, "2")], "0"),
        ("20", True, [(1, "10"), (2, "5")], "5"),
        ("12.5", False, [(1, "10"), (2, "2.5")], "0"),
    ],
)
def test_allocate_takes_in_the_citys_order(
    wanted: str, is_whole: bool, taken: list[tuple[int, str]], missing: str
) -> None:
    pieces, rest = allocate(Decimal(wanted), stocks("10", "5"), is_whole=is_whole)

    assert [(piece.stock.warehouse_id, piece.quantity) for piece in pieces] == [
        (warehouse, Decimal(quantity)) for warehouse, quantity in taken
    ]
    assert rest == Decimal(missing)


def test_allocate_never_takes_half_a_piece() -> None:
    pieces, rest = allocate(Decimal(3), stocks("1.9", "0.9", "5"), is_whole=True)

    assert [(piece.stock.warehouse_id, piece.quantity) for piece in pieces] == [(1, 1), (3, 2)]
    assert rest == 0


@pytest.mark.parametrize(
    ("regime", "rate", "expected"),
    [
        (TaxRegime.GENERAL, 22, 22),
        (TaxRegime.GENERAL, None, None),
        (TaxRegime.SIMPLIFIED_EXEMPT, 22, None),
        (TaxRegime.SIMPLIFIED_5, 22, 5),
        (TaxRegime.SIMPLIFIED_7, 10, 7),
        (TaxRegime.SIMPLIFIED_5, 0, 0),
        (TaxRegime.SIMPLIFIED_5, None, None),
    ],
)
def test_vat_rate_follows_the_sellers_regime(regime: str, rate: int | None, expected: int | None) -> None:
    assert vat_rate(None if rate is None else Decimal(rate), regime=regime) == expected
