"""Online payments: asked for once, believed as the provider has them, recorded once."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from counterparties.actor import AccessDenied
from counterparties.models import Contract, TaxRegime
from finance.models import LedgerEntry, OnlinePayment, Payment
from finance.refusals import NothingToPay, OnlinePaymentOff, PaymentKeyReused, PaysMoreThanOpen, WrongAmount
from finance.selectors import charges
from finance.selectors.charges import share_out
from finance.selectors.receivables import open_debits
from finance.services.online import (
    Chosen,
    online_payment_create,
    online_payment_hinted,
    online_payment_refresh,
    online_payment_start,
    online_payments_open,
)
from finance.states import LedgerSource, OnlineState
from integrations.demo.cashier import Cashier
from integrations.yookassa import client as yookassa_client
from portal.outbox.models import Job
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity, make_organization
from tests.finance.debts import make_debt, make_paid
from tests.standins.yookassa import yookassa

NOTICE = "/pay/yookassa/"


@pytest.fixture
def cashier(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Iterator[Cashier]:
    monkeypatch.setattr(yookassa_client, "_FIRST_PAUSE", 0.01)
    settings.YOOKASSA_NETWORKS = ["127.0.0.1"]
    with yookassa(settings) as provider:
        yield provider


def created(world: World, *chosen: tuple[str, str], key: UUID | None = None, **changes: Any) -> OnlinePayment:
    arguments: dict[str, Any] = {
        "actor": actor_of(world.head),
        "key": key or uuid4(),
        "contract_ids": [world.contract.pk],
        "chosen": [Chosen(reference, Decimal(amount)) for reference, amount in chosen],
        "purpose": "Оплата по документу УТ-1 от 02.11.2026. В т.ч. НДС согласно документам",
        "at": AT,
    }
    return online_payment_create(**(arguments | changes))


def started(world: World, cashier: Cashier, amount: str = "100.00") -> OnlinePayment:
    debt = make_debt(world.contract, amount)
    payment = created(world, (f"ledger:{debt.pk}", amount))
    return online_payment_start(payment_id=payment.pk, at=AT)


# --- asking --------------------------------------------------------------------------------------
def test_several_debts_are_one_payment(world: World, cashier: Cashier) -> None:
    first, second = make_debt(world.contract, "100.10"), make_debt(world.contract, "50.00")

    payment = created(world, (f"ledger:{first.pk}", "100.10"), (f"ledger:{second.pk}", "20.00"))
    started_one = online_payment_start(payment_id=payment.pk, at=AT)

    assert (payment.amount, payment.legal_entity, payment.created_by) == (
        Decimal("120.10"),
        world.entity,
        world.head,
    )
    assert started_one.state == OnlineState.PENDING
    assert started_one.confirmation_url == f"{cashier.address}/pay/{started_one.provider_id}"
    told = cashier.payments[started_one.provider_id]
    assert told["amount"] == {"value": "120.10", "currency": "RUB"}
    assert told["return_url"].endswith(reverse("finance:payment", args=[payment.uid]))


def test_a_second_click_is_the_same_payment(world: World, cashier: Cashier) -> None:
    debt, key = make_debt(world.contract, "100.00"), uuid4()

    one = created(world, (f"ledger:{debt.pk}", "100.00"), key=key)
    other = created(world, (f"ledger:{debt.pk}", "100.00"), key=key)
    for payment in (one, other):
        online_payment_start(payment_id=payment.pk, at=AT)

    assert one == other
    assert (OnlinePayment.objects.count(), len(cashier.payments)) == (1, 1)
    with pytest.raises(PaymentKeyReused):
        created(world, (f"ledger:{debt.pk}", "99.00"), key=key)


@pytest.mark.parametrize(
    ("amount", "refusal"),
    [("100.01", PaysMoreThanOpen), ("0.00", WrongAmount), ("-1.00", WrongAmount), ("0.001", WrongAmount)],
)
def test_sums_are_checked_against_what_is_open(
    world: World, cashier: Cashier, amount: str, refusal: type[Exception]
) -> None:
    debt = make_debt(world.contract, "150.00")
    make_paid(world.contract, "50.00")

    with pytest.raises(refusal):
        created(world, (f"ledger:{debt.pk}", amount))

    assert OnlinePayment.objects.count() == 0


def test_nothing_chosen_and_nothing_known_are_refused(world: World, cashier: Cashier) -> None:
    foreign = make_debt(world.other_contract, "10.00")

    with pytest.raises(NothingToPay):
        created(world)
    with pytest.raises(PaysMoreThanOpen):
        created(world, (f"ledger:{foreign.pk}", "10.00"))

    assert OnlinePayment.objects.count() == 0


def test_money_of_others_cannot_be_paid(world: World, cashier: Cashier) -> None:
    debt = make_debt(world.other_contract, "10.00")
    chosen = (f"ledger:{debt.pk}", "10.00")

    with pytest.raises(Contract.DoesNotExist):
        created(world, chosen, contract_ids=[world.other_contract.pk])
    with pytest.raises(AccessDenied):
        created(world, chosen, actor=actor_of(world.buyer))
    with pytest.raises(AccessDenied):
        created(world, chosen, actor=actor_of(world.buyer), contract_ids=[world.other_contract.pk])

    assert OnlinePayment.objects.count() == 0


def test_two_payers_or_payees_are_two_payments(world: World, cashier: Cashier) -> None:
    second_firm = make_contract(make_legal_entity(world.holding), is_default=False)
    second_seller = make_contract(world.entity, organization=make_organization("ООО «Б»"), is_default=False)

    for other in (second_firm, second_seller):
        with pytest.raises(Contract.DoesNotExist):
            created(world, ("contract:1", "1.00"), contract_ids=[world.contract.pk, other.pk])


def test_online_payment_is_off_without_a_provider(world: World) -> None:
    with pytest.raises(OnlinePaymentOff):
        created(world, (f"contract:{world.contract.pk}", "1.00"))


# --- faults of the provider ----------------------------------------------------------------------
@pytest.mark.parametrize("fault", ["202", "malformed", "lost"])
def test_what_was_not_heard_is_asked_again_with_the_same_key(
    world: World, cashier: Cashier, fault: str
) -> None:
    cashier.faults.extend([fault] * (3 if fault == "lost" else 1))
    payment = started(world, cashier)
    assert payment.state == OnlineState.CREATED

    for payment_id in online_payments_open(at=AT):
        online_payment_refresh(payment_id=payment_id, at=AT)

    payment.refresh_from_db()
    assert (payment.state, len(cashier.payments)) == (OnlineState.PENDING, 1)


def test_refused_payment_is_over(world: World, cashier: Cashier) -> None:
    cashier.faults.append("403")

    payment = started(world, cashier)

    assert (payment.state, payment.cancel_reason) == (OnlineState.CANCELED, "Банк не принял платёж.")
    assert online_payments_open(at=AT) == []


def test_payment_without_a_possible_receipt_is_over(
    world: World, cashier: Cashier, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A rate that the law has not would stop the re-read of all later payments for a day."""
    monkeypatch.setitem(charges._RATES, TaxRegime.GENERAL, Decimal(18))
    payment = created(world, (f"contract:{world.contract.pk}", "100.00"))

    ended = online_payment_start(payment_id=payment.pk, at=AT)

    assert (ended.state, len(cashier.payments)) == (OnlineState.CANCELED, 0)


def test_key_that_the_provider_has_forgotten_is_not_used(world: World, cashier: Cashier) -> None:
    cashier.faults.append("202")
    payment = started(world, cashier)

    late = online_payment_refresh(payment_id=payment.pk, at=AT + timedelta(hours=25))

    assert (late.state, len(cashier.payments)) == (OnlineState.CANCELED, 0)


# --- money that comes ----------------------------------------------------------------------------
def test_money_is_recorded_once_whoever_tells(world: World, cashier: Cashier) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)

    for _number in range(2):
        online_payment_hinted(provider_id=payment.provider_id, at=AT)
        online_payment_refresh(payment_id=payment.pk, at=AT)

    (row,) = Payment.objects.all()
    assert (row.amount, row.contract, row.recorded_by, row.online) == (
        Decimal("100.00"),
        world.contract,
        None,
        payment,
    )
    assert Job.objects.filter(handler__endswith="tell_payment_ended").count() <= 1
    assert LedgerEntry.objects.filter(credit__gt=0).count() == 0  # 1C's document is waited for


def test_debt_is_not_paid_twice_while_1c_is_waited_for(world: World, cashier: Cashier) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)
    online_payment_refresh(payment_id=payment.pk, at=AT)
    chosen = (payment.items.get().reference, "100.00")

    with pytest.raises(PaysMoreThanOpen):
        created(world, chosen)

    assert OnlinePayment.objects.count() == 1


def test_refused_at_the_page_leaves_no_money(world: World, cashier: Cashier) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=False)

    payment = online_payment_refresh(payment_id=payment.pk, at=AT)

    assert (payment.state, payment.finished_at) == (OnlineState.CANCELED, AT)
    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    "amount", [{"value": "100.01", "currency": "RUB"}, {"value": "100.00", "currency": "USD"}]
)
def test_another_sum_than_ours_is_not_recorded(
    world: World, cashier: Cashier, amount: dict[str, str]
) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)
    cashier.payments[payment.provider_id]["amount"] = amount

    payment = online_payment_refresh(payment_id=payment.pk, at=AT)

    assert payment.state == OnlineState.PENDING
    assert Payment.objects.count() == 0
    assert Job.objects.filter(handler__endswith="tell_payment_doubtful").count() == 1


def test_portal_posts_money_where_it_is_told_to(world: World, cashier: Cashier, settings: Any) -> None:
    settings.PORTAL_POSTS_PAYMENTS = True
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)

    online_payment_refresh(payment_id=payment.pk, at=AT)

    assert open_debits(on=TODAY, contract_ids=[world.contract.pk]) == []
    (entry,) = LedgerEntry.objects.filter(credit__gt=0)
    assert (entry.credit, entry.payment_key, entry.source) == (
        Decimal("100.00"),
        payment.provider_id,
        LedgerSource.PORTAL,
    )


def test_later_document_of_1c_takes_the_place_of_the_portals(
    world: World, cashier: Cashier, settings: Any
) -> None:
    """Two contracts and an advance: several entries of one payment, all replaced at once."""
    settings.PORTAL_POSTS_PAYMENTS = True
    second = make_contract(world.entity, is_default=False)
    first_debt, second_debt = make_debt(world.contract, "60.00"), make_debt(second, "40.00")
    payment = created(
        world,
        (f"ledger:{first_debt.pk}", "60.00"),
        (f"ledger:{second_debt.pk}", "40.00"),
        (f"contract:{second.pk}", "5.00"),
        contract_ids=[world.contract.pk, second.pk],
    )
    payment = online_payment_start(payment_id=payment.pk, at=AT)
    cashier.decide(payment.provider_id, is_paid=True)
    online_payment_refresh(payment_id=payment.pk, at=AT)
    assert open_debits(on=TODAY, contract_ids=[world.contract.pk, second.pk]) == []

    make_paid(world.contract, "105.00", payment_key=payment.provider_id)

    credit = sum(entry.credit - entry.debit for entry in LedgerEntry.objects.exclude(kind="shipment"))
    assert credit == Decimal("105.00")


def test_1c_that_was_quicker_is_not_doubled(world: World, cashier: Cashier, settings: Any) -> None:
    settings.PORTAL_POSTS_PAYMENTS = True
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)
    make_paid(world.contract, "100.00", payment_key=payment.provider_id)

    online_payment_refresh(payment_id=payment.pk, at=AT)

    assert LedgerEntry.objects.filter(credit__gt=0).count() == 1
    assert Payment.objects.count() == 1


# --- the provider's messages ---------------------------------------------------------------------
def hint(event: str, provider_id: Any, **extra: Any) -> int:
    body = {"type": "notification", "event": event, "object": {"id": provider_id, "status": "succeeded"}}
    return Client(**extra).post(NOTICE, body, content_type="application/json").status_code


def test_message_only_makes_the_payment_be_read(world: World, cashier: Cashier) -> None:
    """A lie about a payment that is still pending changes nothing."""
    payment = started(world, cashier)

    status = hint("payment.succeeded", payment.provider_id)
    online_payment_hinted(provider_id=payment.provider_id, at=AT)

    payment.refresh_from_db()
    assert (status, payment.state, Payment.objects.count()) == (200, OnlineState.PENDING, 0)


def test_message_that_comes_twice_is_one_job(world: World, cashier: Cashier) -> None:
    assert [hint("payment.succeeded", "abc") for _number in range(3)] == [200, 200, 200]

    assert Job.objects.filter(handler__endswith="read_hinted_payment").count() == 1


def test_messages_in_the_wrong_order_end_where_the_payment_stands(world: World, cashier: Cashier) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=True)

    for _event in ("payment.canceled", "payment.succeeded", "payment.waiting_for_capture"):
        online_payment_hinted(provider_id=payment.provider_id, at=AT)

    payment.refresh_from_db()
    assert (payment.state, Payment.objects.count()) == (OnlineState.SUCCEEDED, 1)


def test_money_that_comes_after_a_cancel_is_told_to_a_person(world: World, cashier: Cashier) -> None:
    payment = started(world, cashier)
    cashier.decide(payment.provider_id, is_paid=False)
    online_payment_refresh(payment_id=payment.pk, at=AT)
    cashier.payments[payment.provider_id]["status"] = "succeeded"

    online_payment_hinted(provider_id=payment.provider_id, at=AT)

    payment.refresh_from_db()
    assert (payment.state, Payment.objects.count()) == (OnlineState.CANCELED, 0)
    assert Job.objects.filter(handler__endswith="tell_payment_doubtful").count() == 1


def test_unknown_payment_is_answered_and_told_of(world: World, cashier: Cashier) -> None:
    assert hint("payment.succeeded", "nobody-knows") == 200
    assert online_payment_hinted(provider_id="nobody-knows", at=AT) is None

    assert Job.objects.filter(handler__endswith="tell_payment_doubtful").count() == 1


@pytest.mark.parametrize(
    "body",
    [b"", b"[]", b"{", b'{"event": "payment.succeeded"}', b'{"event": "x", "object": {"id": "1"}}',
     b'{"event": "payment.succeeded", "object": {"id": 17}}', b'{"event": [], "object": {"id": "1"}}',
     b'{"event": "payment.succeeded", "object": {"id": "a\\u0000b"}}',
     b'{"event": "payment.succeeded", "object": {"id": "a\\ud800b"}}',
     b'{"event": "payment.succeeded", "object": {"id": "../refunds"}}', b"[" * 90_000],
)  # fmt: skip
def test_message_that_is_none_is_refused(world: World, cashier: Cashier, body: bytes) -> None:
    assert Client().post(NOTICE, body, content_type="application/json").status_code == 400
    assert Job.objects.count() == 0


def test_stranger_is_not_heard(world: World, cashier: Cashier, settings: Any) -> None:
    settings.YOOKASSA_NETWORKS = ["185.71.76.0/27", "2a02:5180::/32"]

    assert hint("payment.succeeded", "1", REMOTE_ADDR="10.0.0.1") == 403
    assert hint("payment.succeeded", "1", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="185.71.76.5") == 403
    assert hint("payment.succeeded", "1", REMOTE_ADDR="185.71.76.5") == 200
    assert hint("payment.succeeded", "1", REMOTE_ADDR="2a02:5180:0:1509::1") == 200
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    assert hint("payment.succeeded", "1", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="185.71.76.5") == 200
    assert (
        hint("payment.succeeded", "1", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="185.71.76.5, 9.9.9.9")
        == 403
    )


# --- splitting -----------------------------------------------------------------------------------
@pytest.mark.parametrize("amount", ["0.01", "0.02", "10.00", "33.33", "99999.99"])
def test_shares_add_up_to_the_sum(amount: str) -> None:
    shares = ((Decimal(22), Decimal("2.00")), (Decimal(10), Decimal("1.00")), (None, Decimal("0.35")))

    split = share_out(Decimal(amount), shares)

    assert sum(share for _rate, share in split) == Decimal(amount)
    assert all(share > 0 for _rate, share in split)
