"""What our books say of a client for a period, as an act prints it: account 62."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from documents.payloads.act import ActContract, ActLine, turnover
from documents.payloads.parts import PaperRef
from finance.models import LedgerEntry
from finance.states import LedgerKind
from portal.lib.dates import format_date

ZERO = Decimal("0.00")

TITLES: dict[str, str] = {
    LedgerKind.OPENING: "Ввод остатков",
    LedgerKind.SHIPMENT: "Продажа",
    LedgerKind.CORR_UP: "Корректировка",
    LedgerKind.CORR_DOWN: "Корректировка",
    LedgerKind.RETURN: "Возврат",
    LedgerKind.PAYMENT: "Оплата",
    LedgerKind.REFUND: "Возврат оплаты",
    LedgerKind.OFFSET: "Взаимозачет",
    LedgerKind.TRANSFER: "Перенос между договорами",
    LedgerKind.BONUS: "Бонус",
    LedgerKind.PENALTY: "Неустойка",
    LedgerKind.WRITE_OFF: "Списание",
}
"""All that enters the ledger enters an act; счета, заказы and reserves never enter the ledger."""


@dataclass(frozen=True, slots=True)
class Place:
    """A contract as an act groups by it; twins of a merged firm share one."""

    key: int
    paper: PaperRef


def operation_title(entry: LedgerEntry) -> str:
    """«Продажа (УТ-1042 от 20.11.2026)»; without a number the kind alone."""
    name = TITLES[entry.kind]
    if not entry.document_number:
        return name
    return f"{name} ({entry.document_number} от {format_date(entry.document_date)})"


def act_groups(
    entries: Iterable[LedgerEntry],
    *,
    places: Mapping[int, Place],
    opening: Mapping[int, Decimal],
    is_storno_red: bool,
) -> tuple[ActContract, ...]:
    """Group operations by contract, in the order of `places` (contract -> its place); never empty.

    `entries` come by date and number; those that were taken back and what took them back are not among
    them: 1C shows no document that is not posted. `opening` is by contract, above zero the client owes.
    With red storno a downward correction is a negative debit in place of a credit.
    """
    found: dict[int, list[LedgerEntry]] = defaultdict(list)
    balance: dict[int, Decimal] = defaultdict(lambda: ZERO)
    papers = {place.key: place.paper for place in places.values()}
    for entry in entries:
        found[places[entry.contract_id].key].append(entry)
    for contract_id, amount in opening.items():
        balance[places[contract_id].key] += amount
    groups: list[ActContract] = []
    position = 1
    for key, paper in papers.items():
        if not found[key] and not balance[key]:
            continue
        lines = _lines(found[key], position, is_storno_red=is_storno_red)
        position += len(lines)
        groups.append(_group(paper, balance[key], lines))
    return tuple(groups) or (_group(_only(papers), ZERO, ()),)


def _lines(entries: Sequence[LedgerEntry], first: int, *, is_storno_red: bool) -> tuple[ActLine, ...]:
    return tuple(_line(entry, number, is_storno_red) for number, entry in enumerate(entries, start=first))


def _line(entry: LedgerEntry, position: int, is_storno_red: bool) -> ActLine:
    debit, credit = entry.debit, entry.credit
    if is_storno_red and entry.kind == LedgerKind.CORR_DOWN:
        debit, credit = -credit, ZERO
    return ActLine(
        position=position,
        day=entry.business_date,
        title=operation_title(entry),
        debit=debit,
        credit=credit,
        number=entry.document_number,
        kind=entry.kind,
        entry_id=entry.pk,
    )


def _group(paper: PaperRef | None, opening: Decimal, lines: tuple[ActLine, ...]) -> ActContract:
    debit, credit = turnover(lines)
    return ActContract(
        contract=paper,
        opening=opening,
        debit=debit,
        credit=credit,
        closing=opening + debit - credit,
        lines=lines,
    )


def _only(papers: Mapping[int, PaperRef]) -> PaperRef | None:
    """The contract of an act that is of one and has nothing to tell."""
    return next(iter(papers.values())) if len(papers) == 1 else None
