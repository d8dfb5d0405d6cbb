"""Documents of 1C reach the ledger once, whichever channel they come by."""

from datetime import date, timedelta
from decimal import Decimal

import pytest

from counterparties.models import LegalEntity
from finance.invariants import INVARIANTS
from finance.models import Allocation, LedgerEntry, Reservation, ThirdPartyPayment
from finance.services.third_party import third_party_confirm
from finance.states import LedgerSource
from integrations.events import PaymentTold
from integrations.handlers import post_payment
from integrations.models import ExchangeNode, ExternalId, ExternalKind
from integrations.services.push.documents import document_take
from integrations.services.push.order_states import order_state_take
from integrations.services.push.refusal import ItemRefused
from orders.erp import PaperFacts
from orders.invariants import INVARIANTS as OF_ORDERS
from orders.models import OrderPart
from orders.services.credit_hold import order_credit_follow
from orders.services.erp_papers import erp_paper_note
from orders.states import ErpDocumentKind, OrderState
from portal.lib.invariants import broken
from portal.outbox.models import Job
from portal.outbox.payload import decode
from tests.factories import World, actor_of, make_contract, make_legal_entity, make_organization
from tests.integrations.erp_world import make_erp_world, ordered
from tests.integrations.onec_talk import run_jobs
from tests.integrations.test_push_documents import AT, batch, item
from tests.integrations.test_push_order_states import batch as order_batch
from tests.integrations.test_push_order_states import item as order_item
from tests.integrations.test_push_order_states import row
from tests.money import credit_of, make_line, pay, ship

DAY = date(2026, 11, 24)
PAYER = "33333333-18f9-11e7-80c2-0000000000aa"


@pytest.fixture
def world(node: ExchangeNode) -> World:
    world = make_erp_world(node)
    ExternalId.objects.create(
        node=node, kind=ExternalKind.CONTRACT, external_id="c-1", object_id=world.contract.pk
    )
    make_line(world.contract, 10_000, valid_from=date(2026, 1, 1))
    return world


@pytest.fixture
def part(world: World) -> OrderPart:
    """300 on credit, confirmed."""
    order = ordered(world, {0: "3"}, "300")
    order.refresh_from_db()
    assert order.state == OrderState.CONFIRMED
    Job.objects.all().delete()
    return order.parts.get()


def paper(part: OrderPart, kind: ErpDocumentKind, total: int, **changes: object) -> int:
    known = changes.pop("document_id", None)
    facts = PaperFacts(
        kind=kind, formed_at=AT, number="17", date=DAY, total=Decimal(total), is_deleted=False, rows=None,
        **changes,  # type: ignore[arg-type]
    )  # fmt: skip
    document, _outcome = erp_paper_note(document_id=known, part_id=part.pk, facts=facts, at=AT)  # type: ignore[arg-type]
    run_jobs()
    return document.pk


def rows() -> list[tuple[str, Decimal, Decimal, str]]:
    found = LedgerEntry.objects.order_by("pk")
    return list(found.values_list("kind", "debit", "credit", "order_reference"))


def test_papers_of_an_order_go_to_the_ledger(part: OrderPart, world: World) -> None:
    assert credit_of(world.contract).exposure == 300

    paper(part, ErpDocumentKind.PAYMENT, 100)
    paper(part, ErpDocumentKind.SHIPMENT, 200)
    paper(part, ErpDocumentKind.RETURN, 50)

    assert rows() == [
        ("payment", 0, 100, part.reference),
        ("shipment", 200, 0, part.reference),
        ("return", 0, 50, part.reference),
    ]
    credit = credit_of(world.contract)
    assert (credit.debt, credit.reserved, credit.exposure) == (50, 100, 150)


def test_an_invoice_moves_nothing(part: OrderPart) -> None:
    paper(part, ErpDocumentKind.INVOICE, 300)

    assert rows() == []


def test_a_paper_that_1c_changed_or_deleted_is_reversed(part: OrderPart) -> None:
    pk = paper(part, ErpDocumentKind.SHIPMENT, 200)
    paper(part, ErpDocumentKind.SHIPMENT, 180, document_id=pk)
    paper(part, ErpDocumentKind.SHIPMENT, 180, document_id=pk)

    assert [(debit, credit) for _kind, debit, credit, _part in rows()] == [(200, 0), (0, 200), (180, 0)]


def test_one_shipment_by_both_channels_is_one_debt(node: ExchangeNode, part: OrderPart, world: World) -> None:
    paper(part, ErpDocumentKind.SHIPMENT, 300)

    document_take(batch(node), item(order_refs=[part.number], contract_ref="c-1"))
    run_jobs()

    assert rows() == [("shipment", 300, 0, part.reference)]


def test_a_delivery_note_and_its_upd_are_one_shipment(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(ref="note", type="shipment", contract_ref="c-1"))
    document_take(batch(node), item(ref="upd", contract_ref="c-1"))
    run_jobs()

    assert [(kind, debit) for kind, debit, _credit, _part in rows()] == [("shipment", 300)]


@pytest.mark.parametrize(
    ("told", "row"),
    [
        ({"type": "correction", "sum": "20.00"}, ("corr_up", 20, 0, "")),
        ({"type": "correction", "sum": "-20.00"}, ("corr_down", 0, 20, "")),
        ({"type": "return", "sum": "20.00"}, ("return", 0, 20, "")),
    ],
)
def test_other_papers_stand_on_their_side(
    node: ExchangeNode, world: World, told: dict[str, str], row: tuple[object, ...]
) -> None:
    document_take(batch(node), item(contract_ref="c-1", **told))
    run_jobs()

    assert rows() == [row]


def payment(**told: object) -> dict[str, object]:
    return {"ref": "pay-1", "type": "payment", "number": "88", "sum": "120.00", "contract_ref": "c-1"} | told


def test_a_payment_of_the_json_channel_pays_its_order(
    node: ExchangeNode, part: OrderPart, world: World
) -> None:
    document_take(batch(node), item(**payment(order_refs=[part.number])))
    document_take(batch(node), item(**payment(order_refs=[part.number])))
    run_jobs()

    assert rows() == [("payment", 0, 120, part.reference)]
    assert credit_of(world.contract).exposure == 180


def test_a_payment_that_the_portal_had_written_is_replaced(node: ExchangeNode, world: World) -> None:
    pay(world.contract, 120, payment_key="yk-7", source=LedgerSource.PORTAL, document_key="online:7")

    document_take(batch(node), item(**payment(payment_id="yk-7")))
    run_jobs()

    live = LedgerEntry.objects.filter(reverses=None, reversed_by=None)
    assert [(entry.source, entry.credit) for entry in live] == [("erp", 120)]


def test_a_deleted_payment_is_reversed(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(**payment()))
    run_jobs()

    document_take(batch(node), item(**payment(deleted=True)))
    run_jobs()

    assert credit_of(world.contract).prepayment == 0
    assert LedgerEntry.objects.count() == 2


@pytest.mark.parametrize("is_late_first", [False, True])
def test_payments_that_come_the_wrong_way_round_end_as_1c_has_them(
    node: ExchangeNode, world: World, is_late_first: bool
) -> None:
    """Two workers: what was told first is done last."""
    document_take(batch(node), item(**payment(as_of="2026-11-24T10:00:00+03:00")))
    first = Job.objects.get()
    document_take(batch(node), item(**payment(as_of="2026-11-24T10:05:00+03:00", sum="50.00")))
    late = Job.objects.exclude(pk=first.pk).get()
    for job in (late, first) if is_late_first else (first, late):
        post_payment(decode(PaymentTold, job.payload))

    assert credit_of(world.contract).prepayment == 50


def test_a_payment_that_was_deleted_stays_so(node: ExchangeNode, world: World) -> None:
    document_take(batch(node), item(**payment(as_of="2026-11-24T10:00:00+03:00")))
    early = decode(PaymentTold, Job.objects.get().payload)
    run_jobs()
    document_take(batch(node), item(**payment(as_of="2026-11-24T10:05:00+03:00", deleted=True)))
    run_jobs()

    post_payment(early)
    assert credit_of(world.contract).prepayment == 0

    document_take(batch(node), item(**payment(as_of="2026-11-24T10:10:00+03:00")))
    run_jobs()
    assert credit_of(world.contract).prepayment == 120


def test_an_order_named_twice_is_paid_once(node: ExchangeNode, part: OrderPart, world: World) -> None:
    document_take(batch(node), item(**payment(order_refs=[part.number, part.number])))
    run_jobs()

    assert rows() == [("payment", 0, 120, part.reference)]


def test_a_payment_in_another_currency_than_the_contract_is_refused(node: ExchangeNode, world: World) -> None:
    with pytest.raises(ItemRefused, match="Оплата в USD, а договор в RUB"):
        document_take(batch(node), item(**payment(currency="USD")))

    assert not Job.objects.exists()


@pytest.mark.parametrize("told", [{"contract_ref": ""}, {"sum": None}, {"date": ""}])
def test_a_payment_that_says_too_little_is_refused(
    node: ExchangeNode, world: World, told: dict[str, object]
) -> None:
    with pytest.raises(ItemRefused):
        document_take(batch(node), item(**payment(**told)))

    assert not Job.objects.exists()


def test_money_of_another_firm_waits_for_a_person(node: ExchangeNode, world: World) -> None:
    sister = make_legal_entity(world.holding, name="ООО «Сестра»")
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=PAYER, object_id=sister.pk
    )

    document_take(batch(node), item(**payment(paid_by_ref=PAYER, purpose="За ООО «Север»")))
    run_jobs()

    waiting = ThirdPartyPayment.objects.get()
    assert (waiting.payer, waiting.contract, waiting.amount) == (sister, world.contract, 120)
    assert (rows(), credit_of(world.contract).prepayment) == ([], 0)

    entry = third_party_confirm(actor=actor_of(world.manager), payment_id=waiting.pk, at=AT)
    again = third_party_confirm(actor=actor_of(world.manager), payment_id=waiting.pk, at=AT)

    assert entry == again
    assert (entry.legal_entity, entry.paid_by, entry.credit) == (world.entity, sister, 120)
    waiting.refresh_from_db()
    assert (waiting.confirmed_by, waiting.confirmed_at) == (world.manager, AT)


def told_of_sister(node: ExchangeNode, **told: object) -> None:
    document_take(batch(node), item(**payment(paid_by_ref=PAYER, **told)))
    run_jobs()


def confirm(world: World) -> None:
    third_party_confirm(actor=actor_of(world.manager), payment_id=ThirdPartyPayment.objects.get().pk, at=AT)


@pytest.fixture
def sister(node: ExchangeNode, world: World) -> LegalEntity:
    sister = make_legal_entity(world.holding, name="ООО «Сестра»")
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=PAYER, object_id=sister.pk
    )
    return sister


def test_money_of_another_that_1c_brings_back_is_confirmed_again(
    node: ExchangeNode, world: World, sister: LegalEntity
) -> None:
    told_of_sister(node)
    confirm(world)
    told_of_sister(node, deleted=True)
    assert credit_of(world.contract).prepayment == 0

    told_of_sister(node)
    assert (ThirdPartyPayment.objects.get().entry, credit_of(world.contract).prepayment) == (None, 0)

    confirm(world)
    told_of_sister(node)
    assert credit_of(world.contract).prepayment == 120
    assert list(broken(INVARIANTS)) == []


def test_money_of_another_that_1c_changes_is_confirmed_again(
    node: ExchangeNode, world: World, sister: LegalEntity
) -> None:
    told_of_sister(node)
    confirm(world)

    told_of_sister(node, sum="60.00")
    assert (ThirdPartyPayment.objects.get().entry, credit_of(world.contract).prepayment) == (None, 0)

    confirm(world)
    assert credit_of(world.contract).prepayment == 60
    assert list(broken(INVARIANTS)) == []


def test_a_payer_that_1c_corrects_is_believed(node: ExchangeNode, world: World, sister: LegalEntity) -> None:
    document_take(batch(node), item(**payment()))
    run_jobs()
    assert credit_of(world.contract).prepayment == 120

    told_of_sister(node)
    assert (ThirdPartyPayment.objects.count(), credit_of(world.contract).prepayment) == (1, 0)

    document_take(batch(node), item(**payment()))
    run_jobs()
    assert (ThirdPartyPayment.objects.count(), credit_of(world.contract).prepayment) == (0, 120)


def test_only_the_clients_manager_confirms_money_of_another(node: ExchangeNode, world: World) -> None:
    sister = make_legal_entity(world.holding)
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=PAYER, object_id=sister.pk
    )
    document_take(batch(node), item(**payment(paid_by_ref=PAYER)))
    run_jobs()

    with pytest.raises(ThirdPartyPayment.DoesNotExist):
        third_party_confirm(
            actor=actor_of(world.other_manager), payment_id=ThirdPartyPayment.objects.get().pk, at=AT
        )

    assert rows() == []


def test_money_is_not_carried_to_another_organization(node: ExchangeNode, world: World) -> None:
    sister = make_legal_entity(world.holding)
    ExternalId.objects.create(
        node=node, kind=ExternalKind.LEGAL_ENTITY, external_id=PAYER, object_id=sister.pk
    )
    document_take(batch(node), item(**payment(paid_by_ref=PAYER)))
    run_jobs()
    strange = make_contract(world.entity, organization=make_organization("ООО «Другой»"), is_default=False)

    with pytest.raises(ValueError, match="organization"):
        third_party_confirm(
            actor=actor_of(world.manager), payment_id=ThirdPartyPayment.objects.get().pk,
            contract_id=strange.pk, at=AT,
        )  # fmt: skip

    assert rows() == []


def test_1cs_word_holds_and_frees_the_limit(part: OrderPart, world: World) -> None:
    """What 1C confirms is held without a check; a part that it gave up holds nothing."""
    make_line(world.holding, 1)
    Reservation.objects.all().delete()

    order_credit_follow(order_id=part.order_id, at=AT)
    assert credit_of(world.contract).available == -299

    OrderPart.objects.update(is_cancelled=True)
    order_credit_follow(order_id=part.order_id, at=AT + timedelta(minutes=1))
    assert credit_of(world.contract).exposure == 0


def reserve(part: OrderPart) -> list[Decimal]:
    """What is held of the limit, if anything; the invariants of orders hold."""
    assert list(broken(OF_ORDERS)) == []
    return list(Reservation.objects.filter(is_active=True).values_list("total", flat=True))


def test_rows_cut_in_1c_free_their_limit(node: ExchangeNode, part: OrderPart, world: World) -> None:
    told = order_item(site_number=part.number, state="В работе", rows=[row(quantity="2", total="200")])
    order_state_take(order_batch(node), told)
    run_jobs()

    assert reserve(part) == [200]
    assert credit_of(world.contract).exposure == 200


def test_last_paper_of_a_cut_order_frees_its_limit(node: ExchangeNode, part: OrderPart, world: World) -> None:
    """1C cuts the rows, then ships: nothing else is told of the part, and nothing is held."""
    told = order_item(site_number=part.number, rows=[row(quantity="2", total="200")])
    order_state_take(order_batch(node), told)
    paper(part, ErpDocumentKind.SHIPMENT, 200)

    part.order.refresh_from_db()
    assert part.order.state == OrderState.SHIPPED
    assert reserve(part) == []
    credit = credit_of(world.contract)
    assert (credit.debt, credit.reserved, credit.exposure) == (200, 0, 200)


def test_deleted_paper_holds_the_limit_again(part: OrderPart, world: World) -> None:
    pk = paper(part, ErpDocumentKind.SHIPMENT, 300)
    assert reserve(part) == []

    deleted = PaperFacts(
        kind=ErpDocumentKind.SHIPMENT, formed_at=AT, number="17", date=DAY, total=Decimal(300),
        is_deleted=True, rows=None,
    )  # fmt: skip
    erp_paper_note(document_id=pk, part_id=part.pk, facts=deleted, at=AT)
    run_jobs()

    assert reserve(part) == [300]
    assert credit_of(world.contract).exposure == 300


def test_money_paid_ahead_stays_with_the_last_paper(part: OrderPart, world: World) -> None:
    """The reserve goes only when the goods are debt: else their money would pay an older debt."""
    ship(world.contract, 500, on=DAY)
    paper(part, ErpDocumentKind.PAYMENT, 300)

    paper(part, ErpDocumentKind.SHIPMENT, 300)

    shipped = LedgerEntry.objects.get(kind="shipment", order_reference=part.reference)
    paid = Allocation.objects.filter(credit__order_reference=part.reference)
    assert list(paid.values_list("debit", "amount")) == [(shipped.pk, 300)]
    assert reserve(part) == []


def test_word_of_1c_that_changes_no_sum_leaves_the_reserve(part: OrderPart) -> None:
    held = Reservation.objects.get()

    order_credit_follow(order_id=part.order_id, at=AT + timedelta(hours=1))

    again = Reservation.objects.get()
    assert (again.pk, again.created_at, again.total) == (held.pk, held.created_at, 300)
