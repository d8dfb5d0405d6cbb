"""Acts of the first client of the world, with the slow page spared."""

from datetime import date
from io import BytesIO
from typing import Any

import pytest
import xlsxwriter

from documents.models import Act
from documents.payloads.act import ActPayload
from documents.services import issuing
from documents.services.act_making import act_made_tell, act_make
from documents.services.act_requests import ActTarget, act_request
from finance.states import LedgerKind
from tests.factories import AT, World, actor_of, make_world
from tests.finance.debts import make_debt, make_paid

SINCE, UNTIL = date(2026, 7, 1), date(2026, 9, 30)
Cells = list[list[object]]


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def quick_act(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spare the layout where the test is not about the page; the number still tells files apart."""

    def stand_in(kind: str, payload: ActPayload, images: object = None, *, earlier: bytes = b"") -> bytes:
        return f"%PDF-1.7 {payload.seller.inn} {payload.number} {payload.buyer.inn}".encode()

    monkeypatch.setattr(issuing, "paper_pdf", stand_in)


def golden(world: World) -> None:
    """The ledger of the sketch in the specification: 10 000 before, a sale and a payment inside."""
    opened = {"kind": LedgerKind.OPENING, "is_debit": True, "due_date": None}
    make_debt(world.contract, "10000", **on(2026, 6, 30), number="", **opened)
    make_debt(world.contract, "5000", **on(2026, 7, 5), number="УТ-900")
    make_paid(world.contract, "12000", **on(2026, 7, 20), number="221")


def on(year: int, month: int, day: int) -> dict[str, Any]:
    """Document and operation of one day."""
    told = date(year, month, day)
    return {"document_date": told, "business_date": told}


def target(world: World, **changes: Any) -> ActTarget:
    told: dict[str, Any] = {
        "organization_id": world.organization.pk,
        "legal_entity_id": world.entity.pk,
        "contract_id": None,
        "period_from": SINCE,
        "period_to": UNTIL,
    }
    return ActTarget(**(told | changes))


def make_act(world: World, *, is_told: bool = True, **changes: Any) -> Act:
    """An act of the third quarter that the head has asked for, made and sent."""
    act, _is_new = act_request(actor=actor_of(world.head), target=target(world, **changes), at=AT)
    act_make(act_id=act.pk, at=AT)
    if is_told:
        act_made_tell(act_id=act.pk, at=AT)
    act.refresh_from_db()
    return act


def table_file(rows: Cells) -> bytes:
    """A workbook of plain cells; dates stay dates."""
    stream = BytesIO()
    with xlsxwriter.Workbook(stream, {"in_memory": True, "default_date_format": "dd.mm.yyyy"}) as book:
        sheet = book.add_worksheet()
        for number, cells in enumerate(rows):
            for column, cell in enumerate(cells):
                if isinstance(cell, date):
                    sheet.write_datetime(number, column, cell)
                elif cell is not None:
                    sheet.write(number, column, cell)
    return stream.getvalue()


def client_file(*lines: tuple[object, str, object, object], opening: object = 10_000) -> bytes:
    """The client's act as his 1C prints it: his books on the left, our half empty."""
    rows: Cells = [
        ["Акт сверки"],
        ["По данным ООО «Север», руб.", None, None, None, "По данным ООО «Опт-Портал», руб."],
        ["Дата", "Документ", "Дебет", "Кредит"] * 2,
        ["Сальдо начальное", None, None, opening],
    ]
    rows += [list(line) for line in lines]
    debit = sum(line[2] or 0 for line in lines)  # type: ignore[misc]
    credit = sum(line[3] or 0 for line in lines)  # type: ignore[misc]
    rows.append(["Обороты за период", None, debit, credit])
    rows.append(["Сальдо конечное", None, None, opening + credit - debit])  # type: ignore[operator]
    return table_file(rows)
