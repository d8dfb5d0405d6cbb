"""Numbers without gap or double and one file for each paper, while workers are killed at random (S16)."""

import random
import time
from collections.abc import Callable
from contextlib import suppress
from copy import copy
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from documents.models import Act, ActLine, Document, DocumentFile, NumberSequence
from documents.payloads.act import ActPayload
from documents.payloads.codec import from_json, payload_sha256, to_json
from documents.payloads.invoice import InvoicePayload
from documents.payloads.transfer import TransferPayload
from documents.services import act_requests, invoice_issue, issuing
from documents.services.act_making import act_make
from documents.services.act_requests import act_request
from documents.services.shipment_papers import revision_issue, shipment_papers_issue
from documents.states import DocumentKind
from finance.models import LedgerEntry
from portal.files.models import StoredFile
from portal.files.serving import open_file
from portal.outbox.models import Job
from portal.outbox.states import MAX_ATTEMPTS
from tests.documents.acts.conftest import target
from tests.documents.orders import make_order
from tests.documents.shipments import make_shipment, portal_numbers
from tests.factories import AT, TODAY, World, actor_of, make_world
from tests.finance.debts import make_debt
from tests.races.crowd import crowd
from tests.races.mortals import Deaths, mortals

SEED = 20_261_128
MAIL = "documents.handlers.send_invoice"

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(db: None) -> World:
    return make_world()


def stand_in(kind: str, payload: Any, images: Any = None, *, earlier: bytes = b"") -> bytes:
    """A page in no time: the same text gives the same bytes."""
    time.sleep(0.005)
    return f"%PDF-1.7 {payload_sha256(to_json(payload))}".encode()


def issue_while_dying(
    issue: Callable[[int], Any], things: list[int], deaths: Deaths, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four workers issue the same papers; each may die laying out, storing and before the commit."""
    chance = random.Random(SEED)
    real = {name: getattr(issuing, name) for name in ("paper_pdf", "store", "payload_sha256")}

    def deadly(name: str, likelihood: float) -> Any:
        def act(*arguments: Any, **named: Any) -> Any:
            deaths.strike(chance, likelihood)
            done = real[name](*arguments, **named)
            deaths.strike(chance, likelihood)
            return done

        return act

    for name in real:
        monkeypatch.setattr(issuing, name, deadly(name, 0.05))

    def work(own: random.Random) -> None:
        chance.seed(own.random())
        for thing in own.sample(things, len(things)):
            issue(thing)
        connection.close()

    mortals(work, count=4, seed=SEED)


def invoice(order_id: int) -> None:
    invoice_issue(order_id=order_id, at=AT)


def assert_whole(count: int) -> None:
    """Every number once, every paper with its own whole file, its own letter and the hash of what it says."""
    documents = list(Document.objects.select_related("file").order_by("number"))
    assert [document.number for document in documents] == list(range(1, count + 1))
    assert NumberSequence.objects.get().last_number == count
    assert len({document.reference for document in documents}) == count
    assert len({document.file_id for document in documents}) == count
    assert StoredFile.objects.filter(source="portal").count() == count
    assert Job.objects.filter(handler=MAIL).count() == count
    for document in documents:
        payload = from_json(InvoicePayload, document.payload)
        assert payload.number == document.number_print
        assert payload_sha256(to_json(payload)) == document.payload_sha256
        with open_file(document.file) as stored:
            assert stored.read().startswith(b"%PDF-1.7")


def test_killed_workers_leave_numbers_without_gap_and_one_file_each(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "paper_pdf", stand_in)
    orders = [make_order(world).pk for _ in range(30)]
    deaths = Deaths(12)

    issue_while_dying(invoice, orders, deaths, monkeypatch)

    assert deaths.happened >= 6
    assert_whole(30)


@pytest.mark.sweep
def test_thousand_invoices_while_workers_are_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with real pages; takes minutes."""
    orders = [make_order(world).pk for _ in range(1000)]
    deaths = Deaths(60)

    issue_while_dying(invoice, orders, deaths, monkeypatch)

    assert deaths.happened == deaths.most
    assert_whole(1000)


@pytest.mark.sweep
def test_hundred_acts_while_workers_are_killed(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """Acts of 10 to 3,000 rows, a day of the ledger has ten; real pages, takes many minutes."""
    monkeypatch.setattr(act_requests, "MOST_ASKED", 100)
    first = date(2026, 1, 1)
    debts_of_days(world, first, 300)
    days = sorted({round(300 ** (place / 99)) for place in range(100)})
    days += [day for day in range(1, 301) if day not in days][: 100 - len(days)]
    acts = [act_of_days(world, first, day) for day in days]
    deaths = Deaths(20)

    issue_while_dying(act_made, acts, deaths, monkeypatch)

    assert deaths.happened == deaths.most
    assert list(Act.objects.order_by("pk").values_list("state", flat=True)) == ["generated"] * 100
    documents = list(Document.objects.filter(kind=DocumentKind.ACT).order_by("number"))
    assert [document.number for document in documents] == list(range(1, 101))
    assert NumberSequence.objects.get().last_number == 100
    kept = DocumentFile.objects.filter(document__in=documents)
    assert (kept.count(), len({file.file_id for file in kept})) == (100, 100)  # a workbook beside each PDF
    for document in documents:
        payload = from_json(ActPayload, document.payload)
        assert payload_sha256(to_json(payload)) == document.payload_sha256
        with open_file(document.file) as stored:
            assert stored.read().startswith(b"%PDF-1.7")
    assert ActLine.objects.filter(act_id__in=acts).count() == sum(10 * day for day in days)


def debts_of_days(world: World, first: date, days: int) -> None:
    """Ten debts a day, written past the service: posting each of thousands looks at those before it."""
    one = make_debt(world.contract, 1, document_date=first, business_date=first, due_date=None)
    debts = []
    for row in range(1, 10 * days):
        debt = copy(one)
        debt.pk, debt.debit = None, Decimal(row + 1)
        debt.document_key = f"{one.document_key}-{row:04d}"
        debt.document_date = debt.business_date = first + timedelta(days=row // 10)
        debt.due_date = None
        debts.append(debt)
    LedgerEntry.objects.bulk_create(debts)


def act_made(act_id: int) -> None:
    """As its job would: one that waited too long for a number, while long acts are laid out, tries again."""
    for _attempt in range(MAX_ATTEMPTS - 1):
        with suppress(OperationalError):
            act_make(act_id=act_id, at=AT)
            return
    act_make(act_id=act_id, at=AT)


def act_of_days(world: World, first: date, days: int) -> int:
    """Ask for the act of so many days, ten rows each."""
    until = first + timedelta(days=days - 1)
    wanted = target(world, contract_id=world.contract.pk, period_from=first, period_to=until)
    act, _is_new = act_request(actor=actor_of(world.head), target=wanted, at=AT)
    return act.pk


def test_double_number_fails_at_the_database(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the lock prevents, the database refuses."""
    monkeypatch.setattr(issuing, "paper_pdf", stand_in)
    document = invoice_issue(order_id=make_order(world).pk, at=AT)
    values = Document.objects.values().get()
    del values["id"], values["uid"]

    with pytest.raises(IntegrityError, match="document_number_unique"), transaction.atomic():
        Document.objects.create(**(values | {"reference": "order:0"}))

    assert list(Document.objects.all()) == [document]


def test_same_shipment_told_eight_times_at_once_gets_one_upd(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(issuing, "paper_pdf", stand_in)
    portal_numbers(world.organization, DocumentKind.UPD)
    paper = make_shipment(world)

    outcomes = crowd([lambda: shipment_papers_issue(paper_id=paper.pk, at=AT)] * 8)

    assert sorted(map(len, outcomes)) == [0] * 7 + [1]  # type: ignore[arg-type]
    assert NumberSequence.objects.get().last_number == 1
    assert Job.objects.filter(handler="documents.handlers.send_shipment_papers").count() == 1


def test_revision_asked_by_eight_at_once_is_one(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(issuing, "paper_pdf", stand_in)
    portal_numbers(world.organization, DocumentKind.UPD)
    (original,) = shipment_papers_issue(paper_id=make_shipment(world).pk, at=AT)

    crowd([lambda: revision_issue(document_id=original.pk, day=TODAY, at=AT)] * 8)

    revised = Document.objects.get(state="issued")
    assert (revised.revision, Document.objects.count()) == (1, 2)
    assert from_json(TransferPayload, revised.payload).number == original.number_print
