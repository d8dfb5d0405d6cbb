"""Rows of the pad as they are typed, kept and sent."""

from typing import Any

import pytest

from catalog.index.reading import catalog_index
from catalog.masks import StockMask
from orders.models import CartLine, Pad
from orders.pad import MOST_ROWS, PadRow, PadTooLong, pad_restored, pad_row, pad_stored, pad_trimmed
from orders.recognition.place import Place
from orders.refusals import ContractClosed
from orders.services import pads
from tests.factories import AT, TODAY, World, actor_of, make_world


@pytest.mark.parametrize(
    ("choice", "sku"),
    [
        ("17:A-1", 17),
        ("17: A-1 ", 17),
        ("17:A-2", None),
        ("17", None),
        ("", None),
        ("0:A-1", None),
        ("-1:A-1", None),
        ("²:A-1", None),
        ("1234567890:A-1", None),
    ],
)
def test_a_choice_counts_for_the_code_that_it_was_made_for(choice: str, sku: int | None) -> None:
    assert pad_row("A-1", "5", choice=choice).sku == sku


def test_a_choice_survives_the_form() -> None:
    row = PadRow("A:1", "5", "шт", 17)

    assert pad_row(row.code, row.quantity, row.unit, row.choice) == row


def test_rows_survive_the_database() -> None:
    rows = [PadRow("A-1", "5", "уп", 17), PadRow()]

    assert pad_restored(pad_stored(rows)) == rows


def test_empty_rows_at_the_end_are_cut() -> None:
    rows = [PadRow(), PadRow("A-1"), PadRow(unit="шт"), PadRow()]

    assert pad_trimmed(rows) == [PadRow(), PadRow("A-1")]
    assert pad_trimmed([PadRow()] * (MOST_ROWS + 5)) == []


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(PadTooLong):
        pad_trimmed([PadRow("A-1")] * (MOST_ROWS + 1))


@pytest.mark.django_db(transaction=True)
def test_rows_stay_when_the_cart_refuses(monkeypatch: pytest.MonkeyPatch) -> None:
    world: World = make_world()
    place = Place(world.holding.pk, world.contract, world.city, StockMask.EXACT, TODAY)
    here: dict[str, Any] = {"actor": actor_of(world.buyer), "legal_entity_id": world.entity.pk, "at": AT}
    rows = [pad_row(world.skus[0].article, "3")]
    pads.pad_save(**here, contract_id=world.contract.pk, city_id=world.city.pk, seen_round=0, rows=rows)

    def refuse(*_args: object) -> None:
        raise ContractClosed

    monkeypatch.setattr(pads, "cart_touch", refuse)
    with pytest.raises(ContractClosed):
        pads.pad_to_cart(**here, place=place, seen_round=0, rows=rows, index=catalog_index())

    pad = Pad.objects.get()
    assert (pad_restored(pad.rows), pad.round) == (rows, 0)
    assert not CartLine.objects.exists()
