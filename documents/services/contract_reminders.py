"""Reminding of the end of contracts: once for each number of days before it."""

from datetime import date, datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeFacts, NoticeKind
from accounts.permissions import Permission
from accounts.services.notices import notices_send
from counterparties.models import Contract, ContractState
from counterparties.selectors.reaching import people_reaching
from counterparties.selectors.serving import manager_ids_of
from documents.english import contract_said, prolongation_english
from documents.models import ContractReminder
from documents.selectors.contracts import left_words, prolongation_words
from documents.services.contract_notices import managers_of_contract, signers_of
from portal.lib.dates import format_date, moscow_date
from portal.lib.said import Said, joined, said


@transaction.atomic
def contracts_remind(*, at: datetime) -> int:
    """Tell managers and the client's signers of contracts that end soon.

    A day on which nobody told is made up for by the next one, with the same reminder. Idempotent; the
    queries do not depend on the number of contracts. Returns how many contracts were told of.
    """
    on = moscow_date(at)
    steps = sorted(settings.CONTRACT_REMINDER_DAYS)
    if not steps:
        return 0
    contracts = list(
        Contract.objects.filter(
            state=ContractState.ACTIVE, valid_until__range=(on, on + timedelta(days=steps[-1]))
        )
        .select_related("legal_entity")
        .order_by("pk")
    )
    news = _news(contracts, steps, at)
    notices_send(notices=_facts(news, at), day=on, at=at)
    return len(news)


def _news(contracts: list[Contract], steps: list[int], at: datetime) -> list[Contract]:
    """Those whose step was not told yet; two beats at once insert each row once."""
    on = moscow_date(at)
    wanted: dict[tuple[int, int], Contract] = {}
    for contract in contracts:
        if contract.valid_until is not None:
            left = (contract.valid_until - on).days
            wanted[contract.pk, next(days for days in steps if days >= left)] = contract
    rows = ContractReminder.objects
    known = set(
        rows.filter(contract__in=contracts)
        .filter(valid_until__gte=on)
        .values_list("contract_id", "days", "valid_until")
    )
    fresh = {key: contract for key, contract in wanted.items() if (*key, contract.valid_until) not in known}
    rows.bulk_create(
        [
            ContractReminder(contract=contract, days=days, valid_until=contract.valid_until, told_at=at)
            for (_pk, days), contract in fresh.items()
            if contract.valid_until is not None
        ],
        ignore_conflicts=True,
    )
    return list(fresh.values())


def _facts(contracts: list[Contract], at: datetime) -> list[NoticeFacts]:
    on = moscow_date(at)
    managers = manager_ids_of({contract.legal_entity.holding_id for contract in contracts})
    signers = people_reaching(
        permission=Permission.DOCUMENT_SIGN,
        legal_entity_ids={contract.legal_entity_id for contract in contracts},
        on=on,
    )
    facts = []
    for contract in contracts:
        people = managers.get(contract.legal_entity.holding_id, ()) + signers[contract.legal_entity_id]
        if contract.valid_until is not None:
            facts.append(_fact(contract, people, on))
    return facts


def _fact(contract: Contract, people: tuple[int, ...], on: date) -> NoticeFacts:
    ends = format_date(contract.valid_until) if contract.valid_until else ""
    left = (contract.valid_until - on).days if contract.valid_until else 0
    prolonged = prolongation_words(contract)
    parts = (
        contract.legal_entity.name,
        Said(left_words(contract, on), f"Days left: {left}" if left else "Today is the last day"),
        Said(prolonged, prolongation_english(contract)),
    )
    return NoticeFacts(
        user_ids=people,
        kind=NoticeKind.CONTRACT_ENDS,
        reference=f"contract:{contract.pk}",
        title=said(
            _("Договор {contract} действует до {date}"),
            "Contract {contract} is valid until {date}",
            contract=contract_said(contract),
            date=ends,
        ),
        text=said("{parts}.", "{parts}.", parts=joined(parts, ". ")),
        address=reverse("documents:contract", args=[contract.pk]),
    )


def contract_prolonged_tell(*, contract_id: int, at: datetime) -> int:
    """Tell both sides that a contract has prolonged itself; return how many people."""
    contract = Contract.objects.select_related("legal_entity").get(pk=contract_id)
    if contract.valid_until is None:
        return 0
    people = (*managers_of_contract(contract), *signers_of(contract, at))
    facts = NoticeFacts(
        user_ids=people,
        kind=NoticeKind.CONTRACT_ENDS,
        reference=f"contract_prolonged:{contract.pk}:{contract.valid_until:%Y%m%d}",
        title=said(
            _("Договор {contract} продлен до {date}"),
            "Contract {contract} is prolonged until {date}",
            contract=contract_said(contract),
            date=format_date(contract.valid_until),
        ),
        text=f"{contract.legal_entity.name}.",
        address=reverse("documents:contract", args=[contract.pk]),
    )
    return notices_send(notices=[facts], day=moscow_date(at), at=at)
