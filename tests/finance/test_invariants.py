"""Any life of a contract keeps what must hold: random documents, confirmations, shipments, limits."""

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from finance.invariants import INVARIANTS
from finance.models import CreditLine, LedgerEntry, Reservation, Settlement
from finance.selectors.exposure import credit_view
from finance.selectors.receivables import advances, ageing, balance_on, ledger_rows, open_debits
from finance.selectors.sums import contract_sums
from finance.services.credit import (
    Claim,
    CreditRefused,
    credit_release,
    credit_reserve,
    credit_shrink,
    limit_change,
)
from finance.services.ledger import ledger_post, ledger_reverse
from finance.states import LedgerKind
from portal.lib.invariants import broken
from tests.factories import AT, TODAY, World, make_contract, make_legal_entity, make_world
from tests.money import facts_of, make_line

ZERO = Decimal(0)
END = TODAY + timedelta(days=60)

sums = st.integers(1, 300).map(lambda hundreds: Decimal(hundreds) * Decimal("7.31"))
days = st.integers(0, 40).map(lambda number: TODAY - timedelta(days=number))
firms = st.integers(0, 1)
parts = st.integers(1, 3)


class Life(RuleBasedStateMachine):
    """Two firms of a holding under a common limit; the first has one of its own, too."""

    def __init__(self) -> None:
        super().__init__()
        self._around = transaction.atomic()
        self._around.__enter__()
        self.world: World = make_world()
        second = make_contract(make_legal_entity(self.world.holding))
        self.contracts = [self.world.contract, second]
        self.line = make_line(self.world.holding, 3000, grace_days=1000)
        make_line(self.world.entity, 2000, grace_days=1000)

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._around.__exit__(None, None, None)

    # --- what is looked at ----------------------------------------------------------------------------
    def raw(self) -> list[Decimal]:
        """ΣO + ΣR − ΣU* of each contract."""
        found = contract_sums([contract.pk for contract in self.contracts], on=TODAY)
        rows = [found[contract.pk] for contract in self.contracts]
        return [row.open_debt + row.worse + row.reserved - row.unapplied + row.linked for row in rows]

    def exposures(self) -> list[Decimal]:
        views = credit_view(contract_ids=[contract.pk for contract in self.contracts], on=TODAY)
        return [views[contract.pk].exposure for contract in self.contracts]

    def reference(self, firm: int, part: int) -> str:
        return f"part:{firm}{part}"

    def held(self, firm: int, part: int) -> Reservation | None:
        return Reservation.objects.filter(reference=self.reference(firm, part), is_active=True).first()

    def shipped(self, firm: int, part: int) -> Decimal:
        own = LedgerEntry.objects.filter(order_reference=self.reference(firm, part), kind=LedgerKind.SHIPMENT)
        return sum((entry.debit - entry.credit for entry in own), ZERO)

    # --- what happens -----------------------------------------------------------------------------------
    @rule(firm=firms, part=parts, total=sums)
    def confirm(self, firm: int, part: int, total: Decimal) -> None:
        if self.held(firm, part) is not None:
            return
        before = self.exposures()
        try:
            with transaction.atomic():
                claim = Claim(self.reference(firm, part), self.contracts[firm].pk, total)
                credit_reserve(claims=[claim], at=AT)
        except CreditRefused:
            assert self.exposures() == before
            return
        views = credit_view(contract_ids=[contract.pk for contract in self.contracts], on=TODAY)
        if self.exposures() != before:
            assert all(line.exposure <= line.limit for line in views[self.contracts[firm].pk].lines)

    @rule(firm=firms, total=sums)
    def confirm_and_cancel(self, firm: int, total: Decimal) -> None:
        before = self.raw()
        try:
            with transaction.atomic():
                credit_reserve(claims=[Claim("part:99", self.contracts[firm].pk, total)], at=AT)
        except CreditRefused:
            return
        credit_release(references=["part:99"], at=AT)
        assert self.raw() == before

    @rule(firm=firms, part=parts)
    def cancel(self, firm: int, part: int) -> None:
        credit_release(references=[self.reference(firm, part)], at=AT)

    @rule(firm=firms, part=parts, share=st.integers(1, 9))
    def shrink(self, firm: int, part: int, share: int) -> None:
        held = self.held(firm, part)
        if held is not None:
            total = (held.total * share / 10).quantize(Decimal("0.01"))
            credit_shrink(reference=held.reference, total=total, at=AT)

    @rule(firm=firms, part=parts, share=st.integers(1, 10))
    def ship_held(self, firm: int, part: int, share: int) -> None:
        """Shipping what is held changes nothing at that moment: the reserve turns into debt."""
        held = self.held(firm, part)
        rest = held.total - self.shipped(firm, part) if held else ZERO
        amount = (rest * share / 10).quantize(Decimal("0.01"))
        if amount <= 0:
            return
        before = self.raw()
        self.post(firm, LedgerKind.SHIPMENT, amount, TODAY, order_reference=self.reference(firm, part))
        assert self.raw() == before

    @rule(firm=firms, amount=sums, day=days)
    def ship(self, firm: int, amount: Decimal, day: date) -> None:
        self.post(firm, LedgerKind.SHIPMENT, amount, day)

    @rule(firm=firms, amount=sums, day=days)
    def pay(self, firm: int, amount: Decimal, day: date) -> None:
        self.paid(firm, amount, day)

    @rule(firm=firms, part=parts, amount=sums)
    def pay_for_a_held_part(self, firm: int, part: int, amount: Decimal) -> None:
        if self.held(firm, part) is not None:
            self.paid(firm, amount, TODAY, order_reference=self.reference(firm, part))

    @rule(firm=firms, part=parts, amount=sums, day=days)
    def pay_ahead(self, firm: int, part: int, amount: Decimal, day: date) -> None:
        self.post(firm, LedgerKind.PAYMENT, amount, day, order_reference=self.reference(firm, part))

    @rule(firm=firms, amount=sums, day=days, kind=st.sampled_from(
        [LedgerKind.RETURN, LedgerKind.BONUS, LedgerKind.CORR_UP, LedgerKind.REFUND, LedgerKind.PENALTY]
    ))  # fmt: skip
    def anything_else(self, firm: int, amount: Decimal, day: date, kind: LedgerKind) -> None:
        self.post(firm, kind, amount, day)

    @precondition(lambda self: LedgerEntry.objects.exists())
    @rule(place=st.integers(0, 50), amount=sums)
    def change_a_document(self, place: int, amount: Decimal) -> None:
        entry = self.live(place)
        if entry is not None:
            firm = self.contracts.index(entry.contract)
            self.post(
                firm, LedgerKind(entry.kind), amount, entry.business_date,
                document_key=entry.document_key, order_reference=entry.order_reference,
            )  # fmt: skip

    @precondition(lambda self: LedgerEntry.objects.exists())
    @rule(place=st.integers(0, 50))
    def reverse(self, place: int) -> None:
        entry = self.live(place)
        if entry is not None:
            reversal = ledger_reverse(entry_id=entry.pk, at=AT, comment="Ошибка")
            assert reversal.debit - reversal.credit + entry.debit - entry.credit == 0

    @precondition(lambda self: LedgerEntry.objects.exists())
    @rule(place=st.integers(0, 50))
    def import_again(self, place: int) -> None:
        entry = self.live(place)
        if entry is None:
            return
        count, before = LedgerEntry.objects.count(), self.raw()
        firm = self.contracts.index(entry.contract)
        self.post(
            firm, LedgerKind(entry.kind), entry.debit + entry.credit, entry.business_date,
            document_key=entry.document_key, order_reference=entry.order_reference,
            number=entry.document_number,
        )  # fmt: skip
        assert (LedgerEntry.objects.count(), self.raw()) == (count, before)

    @rule(amount=sums)
    def change_the_limit(self, amount: Decimal) -> None:
        limit_change(actor=None, line_id=self.line.pk, amount=amount, reason="Так решили", at=AT)

    @rule(firm=firms, debt=sums)
    def told_by_1c(self, firm: int, debt: Decimal) -> None:
        Settlement.objects.update_or_create(
            contract=self.contracts[firm], defaults={"debt": debt, "as_of": AT}
        )
        balance = contract_sums([self.contracts[firm].pk], on=TODAY)[self.contracts[firm].pk]
        assert balance.worse == max(ZERO, debt - balance.balance)
        assert balance.is_mismatched == (balance.has_entries and debt != balance.balance)
        Settlement.objects.all().delete()

    def paid(self, firm: int, amount: Decimal, day: date, **changes: Any) -> None:
        """A payment lessens raw of its contract by exactly its sum, and nothing else anywhere."""
        before = self.raw()
        self.post(firm, LedgerKind.PAYMENT, amount, day, **changes)
        after = self.raw()
        assert after[firm] == before[firm] - amount
        assert after[1 - firm] == before[1 - firm]

    def post(self, firm: int, kind: LedgerKind, amount: Decimal, day: date, **changes: Any) -> None:
        ledger_post(facts=facts_of(self.contracts[firm], kind, amount, day, **changes), at=AT)

    def live(self, place: int) -> LedgerEntry | None:
        rows = list(
            LedgerEntry.objects.filter(reverses=None, reversed_by=None)
            .select_related("contract")
            .order_by("pk")
        )
        return rows[place % len(rows)] if rows else None

    # --- what must hold ----------------------------------------------------------------------------------
    @invariant()
    def the_database_is_sound(self) -> None:
        assert [str(fault) for fault in broken(INVARIANTS)] == []

    @invariant()
    def balances_and_buckets_add_up(self) -> None:
        for contract in self.contracts:
            for on in (TODAY - timedelta(days=20), TODAY, END):
                rows = open_debits(on=on, contract_ids=[contract.pk])
                owed = sum((row.open for row in rows), ZERO)
                ahead = advances(on=on, contract_ids=[contract.pk]).get(contract.pk, ZERO)
                assert balance_on(contract_id=contract.pk, before=on + timedelta(days=1)) == owed - ahead
                assert sum((bucket.amount for bucket in ageing(rows)), ZERO) == owed
                assert sum((bucket.amount for bucket in ageing(rows, by="age")), ZERO) == owed
                assert all(ZERO < row.open <= row.amount for row in rows)

    @invariant()
    def the_ledger_closes_where_it_ends(self) -> None:
        for contract in self.contracts:
            middle = TODAY - timedelta(days=15)
            rows = ledger_rows(contract_id=contract.pk)
            closing = rows[-1].balance if rows else ZERO
            later = ledger_rows(contract_id=contract.pk, since=middle)
            opening = balance_on(contract_id=contract.pk, before=middle)
            assert opening + sum((row.debit - row.credit for row in later), ZERO) == closing

    @invariant()
    def exposures_make_up_the_lines(self) -> None:
        views = credit_view(contract_ids=[contract.pk for contract in self.contracts], on=TODAY)
        exposures = self.exposures()
        assert exposures == [max(ZERO, raw) for raw in self.raw()]
        for view in views.values():
            for line in view.lines:
                own = sum(exposures, ZERO) if line.level == "holding" else exposures[0]
                assert line.exposure == own >= 0
                assert line.available == line.limit - line.exposure
        assert CreditLine.objects.get(pk=self.line.pk).amount >= 0


def live_lives(count: int, steps: int) -> None:
    run_state_machine_as_test(
        Life,
        settings=settings(
            max_examples=count,
            stateful_step_count=steps,
            deadline=None,
            derandomize=count < 50,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.mark.django_db
def test_invariants_hold_through_any_life() -> None:
    live_lives(2, 15)


@pytest.mark.django_db
@pytest.mark.sweep
def test_invariants_hold_through_many_lives() -> None:
    live_lives(150, 40)
