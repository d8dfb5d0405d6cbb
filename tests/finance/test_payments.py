"""Recording money that came."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, transaction
from django.db.models import QuerySet
from django.test import Client
from django.urls import reverse

from counterparties.actor import AccessDenied
from counterparties.models import Contract
from finance import services
from finance.models import Payment
from finance.selectors import paid_by_reference, payments_for
from tests.factories import AT, World, actor_of, make_contract, make_organization


def record(world: World, **changes: Any) -> Payment:
    arguments: dict[str, Any] = {
        "actor": actor_of(world.manager),
        "organization_id": world.organization.pk,
        "legal_entity_id": world.entity.pk,
        "contract_id": world.contract.pk,
        "reference": "order:17",
        "amount": Decimal("100.50"),
        "paid_on": date(2026, 11, 23),
        "document_number": "481",
        "at": AT,
    }
    return services.payment_record(**(arguments | changes))


def test_payment_record_keeps_what_came(world: World) -> None:
    payment = record(world)

    payment.refresh_from_db()
    assert (payment.organization, payment.legal_entity, payment.contract, payment.reference) == (
        world.organization,
        world.entity,
        world.contract,
        "order:17",
    )
    assert (payment.amount, payment.paid_on, payment.document_number) == (
        Decimal("100.50"),
        date(2026, 11, 23),
        "481",
    )
    assert (payment.recorded_by, payment.recorded_at) == (world.manager, AT)


def test_payment_record_twice_is_one_payment(world: World) -> None:
    assert record(world) == record(world)

    assert Payment.objects.count() == 1


@pytest.mark.parametrize("changes", [{"document_number": "482"}, {"paid_on": date(2026, 11, 20)}])
def test_payment_record_of_another_document_is_another_payment(world: World, changes: dict[str, Any]) -> None:
    record(world)
    record(world, **changes)

    assert Payment.objects.count() == 2


def test_payment_record_refuses_another_sum_of_one_document(world: World) -> None:
    record(world)

    with pytest.raises(services.PaymentDiffers):
        record(world, amount=Decimal("100.51"))

    assert [payment.amount for payment in Payment.objects.all()] == [Decimal("100.50")]


@pytest.mark.parametrize("amount", ["0", "-1", "0.001", "1000000000000"])
def test_payment_record_refuses_a_wrong_sum(world: World, amount: str) -> None:
    with pytest.raises(services.WrongAmount):
        record(world, amount=Decimal(amount))

    assert Payment.objects.count() == 0


def test_payment_record_refuses_money_of_tomorrow(world: World) -> None:
    with pytest.raises(services.PaidInFuture):
        record(world, paid_on=date(2026, 11, 24))

    assert Payment.objects.count() == 0


@pytest.mark.parametrize("person", ["buyer", "head", "other_buyer"])
def test_payment_record_is_not_for_clients(world: World, person: str) -> None:
    with pytest.raises(AccessDenied):
        record(world, actor=actor_of(getattr(world, person)))

    assert Payment.objects.count() == 0


def test_payment_record_does_not_know_foreign_clients(world: World) -> None:
    with pytest.raises(Contract.DoesNotExist):
        record(world, actor=actor_of(world.other_manager))

    assert Payment.objects.count() == 0


def test_payment_record_needs_a_contract_between_these_two(world: World) -> None:
    other_seller = make_organization("ООО «Другой поставщик»")
    theirs = make_contract(world.entity, organization=other_seller, is_default=False)

    with pytest.raises(Contract.DoesNotExist):
        record(world, contract_id=theirs.pk)
    with pytest.raises(Contract.DoesNotExist):
        record(world, contract_id=world.other_contract.pk)

    assert Payment.objects.count() == 0


@pytest.mark.parametrize(
    "act", [lambda rows: rows.update(amount=1), lambda rows: rows.delete()], ids=["update", "delete"]
)
def test_payments_cannot_be_changed_even_past_the_services(
    world: World, act: Callable[[QuerySet[Payment]], object]
) -> None:
    payment = record(world)

    with pytest.raises(DatabaseError, match="Cannot update or delete"), transaction.atomic():
        act(Payment.objects.filter(pk=payment.pk))

    payment.refresh_from_db()
    assert payment.amount == Decimal("100.50")


def test_payment_below_zero_cannot_exist(world: World) -> None:
    payment = record(world)
    payment.pk, payment.document_number, payment.amount = None, "482", Decimal(-1)

    with pytest.raises(IntegrityError):
        payment.save(force_insert=True)


@pytest.mark.parametrize("references", [1, 3])
def test_paid_by_reference_sums_in_one_query(
    world: World, references: int, django_assert_num_queries: Any
) -> None:
    record(world)
    record(world, document_number="482", amount=Decimal("0.50"))
    record(world, reference="order:18", amount=Decimal(7))
    wanted = ["order:17", "order:18", "order:19"][:references]

    with django_assert_num_queries(1):
        paid = paid_by_reference(wanted)

    expected = {"order:17": Decimal("101.00"), "order:18": Decimal(7), "order:19": Decimal(0)}
    assert paid == {name: expected[name] for name in wanted}


@pytest.mark.django_db
def test_paid_by_no_reference_asks_nothing(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(0):
        assert paid_by_reference([]) == {}


def test_payments_for_are_in_the_order_of_days(world: World) -> None:
    late, early = record(world), record(world, document_number="480", paid_on=date(2026, 11, 1))

    assert list(payments_for("order:17")) == [early, late]
    assert list(payments_for("order:18")) == []


@pytest.mark.parametrize(
    ("person", "expected"),
    [
        ("head", 1),
        ("buyer", 0),
        ("manager", 1),
        ("other_buyer", 0),
        ("other_manager", 0),
        ("administrator", 1),
    ],
)
def test_payments_are_visible_to_whom_they_concern(world: World, person: str, expected: int) -> None:
    record(world)

    assert Payment.objects.visible_to(actor_of(getattr(world, person))).count() == expected


def test_admin_lists_payments_and_changes_none(world: World) -> None:
    payment = record(world)
    client = Client()
    client.force_login(world.administrator)

    listed = client.get(reverse("admin:finance_payment_changelist"))
    shown = client.get(reverse("admin:finance_payment_change", args=[payment.pk]))

    assert "481" in listed.content.decode()
    assert 'name="_save"' not in shown.content.decode()
    assert client.get(reverse("admin:finance_payment_add")).status_code == 403
    assert client.post(reverse("admin:finance_payment_delete", args=[payment.pk])).status_code == 403
    assert Payment.objects.count() == 1
