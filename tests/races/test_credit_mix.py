"""The longer half of S3: confirmations, cancellations, payments, shipments and new limits for ten minutes."""

import random
import time
from collections import Counter
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import connection, transaction

from counterparties.models import Contract
from finance.models import CreditLine, Reservation
from finance.services.credit import Claim, CreditExceeded, credit_release, credit_reserve, limit_change
from finance.services.ledger import ledger_post
from finance.states import LedgerKind
from tests.factories import AT, TODAY, make_contract, make_legal_entity, make_world
from tests.money import credit_of, facts_of, make_line
from tests.races.crowd import Waits, crowds, spread

pytestmark = pytest.mark.django_db(transaction=True)

LIMIT = Decimal(2000)
DAY_SECONDS = 2
"""Each two seconds another business day begins: money of one day is allotted anew with each entry of it."""

Told = tuple[Counter[str], list[float]]


class Clerk:
    """One connection that does whatever the dice say to either of two firms under a common limit."""

    def __init__(self, number: int, contracts: list[Contract], line: CreditLine, until: float) -> None:
        self.number, self.contracts, self.line, self.until = number, contracts, line, until
        self.dice = random.Random(number)
        self.held: dict[str, tuple[Contract, Decimal]] = {}
        self.counts: Counter[str] = Counter()
        self.waited: list[float] = []

    def __call__(self) -> Told:
        with connection.cursor() as cursor:  # a slow machine is no reason to give up waiting here
            cursor.execute("SET lock_timeout = '60s'")
        began = time.monotonic()
        acts = [self.confirm, self.confirm, self.cancel, self.pay, self.ship, self.limit]
        while time.monotonic() < self.until:
            self.day = TODAY + timedelta(days=int((time.monotonic() - began) / DAY_SECONDS))
            act, waits = self.dice.choice(acts), Waits()
            with connection.execute_wrapper(waits):
                act()
            self.waited.append(waits.seconds)
            self.counts[act.__name__] += 1
        return self.counts, self.waited

    def confirm(self) -> None:
        """Whoever passes is within the limits at the moment of his commit."""
        contract, amount = self.dice.choice(self.contracts), Decimal(self.dice.randint(50, 400))
        reference = f"part:{self.number}{self.counts.total():07}"
        try:
            with transaction.atomic():
                credit_reserve(claims=[Claim(reference, contract.pk, amount)], at=AT)
                left = credit_of(contract).available
        except CreditExceeded:
            self.counts["refused"] += 1
            return
        assert left is not None
        assert left >= 0, f"{reference} went over the limit by {-left}"
        self.held[reference] = (contract, amount)
        self.counts["passed"] += 1

    def cancel(self) -> None:
        if self.held:
            reference = self.dice.choice(list(self.held))
            del self.held[reference]
            credit_release(references=[reference], at=AT)

    def pay(self) -> None:
        """Half of the money names a part."""
        contract, reference = self.dice.choice(self.contracts), ""
        if self.held and self.dice.random() < 0.5:
            reference = self.dice.choice(list(self.held))
            contract = self.held[reference][0]
        self.post(contract, LedgerKind.PAYMENT, Decimal(self.dice.randint(50, 600)), reference)

    def ship(self) -> None:
        if self.held:
            reference = self.dice.choice(list(self.held))
            contract, amount = self.held.pop(reference)
            self.post(contract, LedgerKind.SHIPMENT, amount, reference)
            credit_release(references=[reference], at=AT)

    def limit(self) -> None:
        amount = LIMIT * self.dice.randint(5, 15) / 10
        limit_change(actor=None, line_id=self.line.pk, amount=amount, reason="Так", at=AT)

    def post(self, contract: Contract, kind: LedgerKind, amount: Decimal, reference: str) -> None:
        key = f"doc:{self.number}:{self.counts.total()}"
        facts = facts_of(contract, kind, amount, self.day, order_reference=reference, document_key=key)
        ledger_post(facts=facts, at=AT)


def mixed(*, clerks: int, processes: int, seconds: float) -> tuple[Counter[str], list[float]]:
    """What they did and how long each act waited. Raises what any of them met with but a refusal."""
    world = make_world()
    contracts = [world.contract, make_contract(make_legal_entity(world.holding))]
    line = make_line(world.holding, LIMIT)
    make_line(world.contract, LIMIT)
    until = time.monotonic() + seconds
    acts = [Clerk(number, contracts, line, until) for number in range(1, clerks + 1)]
    counts: Counter[str] = Counter()
    waited: list[float] = []
    for one in crowds(acts, processes=processes):
        if isinstance(one, Exception):
            raise one
        counts += one[0]
        waited += one[1]
    return counts, waited


def test_nobody_passes_beyond_a_limit_that_moves() -> None:
    """The same in small."""
    counts, _waited = mixed(clerks=4, processes=2, seconds=3)

    assert counts["passed"] > 0
    assert Reservation.objects.filter(is_active=True).count() <= counts["passed"]


@pytest.mark.sweep
def test_nobody_passes_beyond_a_limit_that_moves_for_ten_minutes() -> None:
    counts, waited = mixed(clerks=32, processes=4, seconds=600)

    print(f"\nS3, ten minutes: {dict(counts)}, {spread('waiting for locks', waited)}")
    assert counts["passed"] > 0
    assert counts["refused"] > 0
