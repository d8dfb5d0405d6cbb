"""The command that asks the database whether all that must hold does."""

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from catalog.models import Stock
from finance.models import Allocation, CreditOverride, LedgerEntry, Reservation
from finance.services.credit import Claim, credit_note
from finance.services.ledger import ledger_reverse
from orders.models import Order, OrderPart
from orders.services import order_confirm
from orders.states import OrderState
from tests.factories import AT, World, make_world
from tests.money import make_line, pay, ship
from tests.orders.past import make_order


@pytest.fixture
def world(db: None) -> World:
    return make_world()


@pytest.fixture
def lived(world: World) -> World:
    """Two debts, one of them paid in part, one entry reversed, an order."""
    first = ship(world.contract, 300)
    ship(world.contract, 200)
    pay(world.contract, 350)
    ledger_reverse(entry_id=ship(world.contract, 70).pk, at=AT, comment="Ошибка")
    make_line(world.contract, 10_000)
    make_order(world.buyer, world.contract, world, {world.skus[0]: 3})
    assert first.debit == 300
    return world


def past_the_guard(sql: str) -> None:
    """Change rows that a trigger protects, as somebody with the rights of a superuser might."""
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute(sql)
        cursor.execute("SET LOCAL session_replication_role = DEFAULT")


def test_a_sound_database_passes(lived: World, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("check_invariants")

    assert "нарушений нет" in capsys.readouterr().out


def overspend(world: World) -> None:
    Allocation.objects.update(amount=Decimal(100_000))


def lose_an_allocation(world: World) -> None:
    Allocation.objects.filter(credit__kind="payment").delete()


def double_a_document(world: World) -> None:
    entry = LedgerEntry.objects.filter(reversed_by=None, reverses=None).first()
    assert entry is not None
    entry.pk, entry.version = None, "again"
    entry.save()


def change_a_reversal(world: World) -> None:
    past_the_guard("UPDATE finance_ledgerentry SET credit = 71 WHERE reverses_id IS NOT NULL")


def hold_for_a_cancelled_order(world: World) -> None:
    part = OrderPart.objects.get()
    credit_note(claims=[Claim(part.reference, world.contract.pk, Decimal(300))], at=AT)
    part.order.state = OrderState.CANCELLED
    part.order.save(update_fields=["state"])
    Stock.objects.update(reserved=0)


def hold_what_was_cut(world: World) -> None:
    """1C has cut rows of a confirmed order, and the limit is held for the whole."""
    part = OrderPart.objects.get()
    order_confirm(order_id=part.order_id, actor=None, at=AT)
    OrderPart.objects.update(erp_total=200)


def hold_after_the_last_paper(world: World) -> None:
    part = OrderPart.objects.get()
    order_confirm(order_id=part.order_id, actor=None, at=AT)
    Order.objects.update(state=OrderState.SHIPPED)


def lose_a_hold(world: World) -> None:
    part = OrderPart.objects.get()
    order_confirm(order_id=part.order_id, actor=None, at=AT)
    Reservation.objects.all().delete()


def lose_a_reserve(world: World) -> None:
    Stock.objects.update(reserved=0)


def change_a_part(world: World) -> None:
    OrderPart.objects.update(total=1)


def drop_the_guard(world: World) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE finance_ledgerentry DISABLE TRIGGER USER")


@pytest.mark.parametrize(
    ("harm", "code"),
    [
        (overspend, "allocation-within-entry"),
        (lose_an_allocation, "allocation-complete"),
        (double_a_document, "document-once"),
        (change_a_reversal, "reversal-mirrors"),
        (hold_for_a_cancelled_order, "limit-held-for-live-orders"),
        (hold_what_was_cut, "limit-held-as-confirmed"),
        (hold_after_the_last_paper, "limit-held-as-confirmed"),
        (lose_a_hold, "limit-held-as-confirmed"),
        (lose_a_reserve, "stock-reserve"),
        (change_a_part, "order-sum"),
        (drop_the_guard, "ledger-append-only"),
    ],
)
def test_what_is_broken_is_named(
    lived: World, harm: Callable[[World], None], code: str, capsys: pytest.CaptureFixture[str]
) -> None:
    harm(lived)

    with pytest.raises(CommandError):
        call_command("check_invariants")

    assert code in [line.partition(":")[0] for line in capsys.readouterr().out.splitlines()]


def test_an_override_is_not_used_twice_over(lived: World) -> None:
    override = CreditOverride.objects.create(
        contract=lived.contract,
        valid_until=AT.date() + timedelta(days=1),
        amount=100,
        used=100,
        reason="Праздник",
        author=lived.administrator,
        created_at=AT,
    )

    call_command("check_invariants")

    assert override.used == override.amount
