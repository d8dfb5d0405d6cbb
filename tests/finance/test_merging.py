"""What a merge of two firms does to their money."""

from decimal import Decimal

from counterparties.merging import Absorption
from finance.invariants import INVARIANTS
from finance.merging import CreditRows, LedgerRows
from finance.models import CreditLine, CreditOverride, LedgerEntry, Reservation
from finance.services.credit import Claim, credit_note, override_give
from portal.lib.invariants import broken
from tests.factories import AT, TODAY, World, actor_of, make_contract, make_legal_entity
from tests.money import credit_of, make_line, ship


def test_lines_and_reserves_go_to_the_heir_and_the_ledger_stays(world: World) -> None:
    double = make_legal_entity(world.holding, name="ООО «Север», копия")
    contract = make_contract(double)
    make_line(double, 1000)
    ship(contract, 300)
    credit_note(claims=[Claim("part:1", contract.pk, Decimal(200))], at=AT)
    override_give(
        actor=actor_of(world.administrator), contract_id=contract.pk, reference="", valid_until=TODAY,
        amount=Decimal(5), reason="Надо", at=AT,
    )  # fmt: skip
    absorption = Absorption(double.pk, world.entity.pk, double.name, {contract.pk: world.contract.pk}, AT)

    held = [row.what for rows in (LedgerRows(), CreditRows()) for row in rows.held([double.pk])]
    for rows in (LedgerRows(), CreditRows()):
        rows.absorb(absorption)
    double.merged_into = world.entity
    double.save(update_fields=["merged_into"])

    assert held == ["Записи взаиморасчетов", "Кредитные линии", "Резервы лимитов"]
    assert CreditLine.objects.get().legal_entity == world.entity
    assert Reservation.objects.get().contract == world.contract
    assert CreditOverride.objects.get().contract == world.contract
    assert LedgerEntry.objects.get().legal_entity == double
    [line] = credit_of(world.contract).lines
    assert (line.exposure, line.available) == (500, 500)
    assert list(broken(INVARIANTS)) == []


def test_the_line_of_the_heir_is_not_replaced(world: World) -> None:
    double = make_legal_entity(world.holding)
    make_line(double, 1000)
    make_line(world.entity, 50)

    CreditRows().absorb(Absorption(double.pk, world.entity.pk, double.name, {}, AT))

    assert credit_of(world.contract).limit == 50
