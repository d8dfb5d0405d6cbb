"""Money that stops orders or comes due, as cards of an employee's morning."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.morning import Found, MorningKind, Source, Told
from counterparties.selectors.morning import served_sql
from finance.selectors.block_scopes import contracts_ruled
from finance.selectors.blocks import Reason, rules_stopping
from finance.selectors.kept_credit import credit_kept
from finance.selectors.shortfalls import shortfall_of
from portal.lib.dates import moscow_date
from portal.lib.money import format_money
from portal.lib.words import plural

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is wanted on credit under a contract, RUB with VAT, and up to what an override lets through."""

    need: Decimal
    let_through: Decimal


def finance_sources(*, actor: Actor, wanted: Mapping[int, Wanted], at: datetime) -> list[Source]:
    """Orders that lines or rules stop now, and documents whose term is near; none without the right.

    `wanted` is by contract. How its lines stand is as of some minutes ago at most; where that is not kept,
    it is read.
    """
    if not actor.can(Permission.FINANCE_VIEW):
        return []
    on = moscow_date(at)
    return [*_stopped(wanted, at), _due(actor, on)]


_STOPPED = """
SELECT entity.holding_id, 'limit:' || contract.id, told.money, NULL::timestamptz, NULL::timestamptz, 1,
       entity.name || ', № ' || contract.number || '|' || told.words, NULL::integer
  FROM jsonb_to_recordset(%s::jsonb) AS told (contract_id integer, money numeric, words text)
  JOIN counterparties_contract contract ON contract.id = told.contract_id
  JOIN counterparties_legalentity entity ON entity.id = contract.legal_entity_id
"""


def _stopped(wanted: Mapping[int, Wanted], at: datetime) -> list[Source]:
    """A card for each contract whose orders do not pass, with what is wanted under it."""
    if not wanted:
        return []
    on = moscow_date(at)
    ruled = contracts_ruled(wanted, on=on)
    views = credit_kept(contract_ids={*wanted, *(pk for one in ruled.values() for pk in one.firm)}, on=on)
    needs = {pk: want.need for pk, want in wanted.items()}
    stopped = rules_stopping(ruled, needs=needs, views=views, at=at)
    rows = []
    for pk, want in wanted.items():
        short = shortfall_of(views[pk], want.need, is_included=False) if pk in views else None
        is_short = short is not None and short.amount > want.let_through
        line = str(short.refusal) if short is not None and is_short else ""
        ruled_out = () if want.let_through >= want.need else stopped.get(pk, ())
        if words := _why(line, ruled_out):
            rows.append({"contract_id": pk, "money": str(want.need), "words": words})
    return [Source(MorningKind.LIMIT, _STOPPED, [json.dumps(rows)], _stopped_words)] if rows else []


def _why(line: str, reasons: Iterable[Reason]) -> str:
    """What the line says, and what each rule says beside it."""
    ruled = [f"{reason.rule}: {reason.text}" for reason in reasons if reason.text != line]
    return " ".join(filter(None, [line, *ruled]))


def _stopped_words(found: Found) -> Told:
    place, why = found.words.split("|", 1)
    return Told(f"{place}: {why}", f"{reverse('finance:credit')}?holding={found.holding_id}")


# Documents of the ledger that are not paid wholly; of a contract that has no ledger here, what 1C told.
_DUE = """
SELECT owed.holding_id, 'due:' || min(owed.due_date), sum(owed.amount), NULL::timestamptz,
       (min(owed.due_date) + 1)::timestamp AT TIME ZONE 'Europe/Moscow', count(*)::integer,
       coalesce(sum(owed.amount) FILTER (WHERE owed.due_date < %s), 0) || '|' ||
       coalesce(sum(owed.amount) FILTER (WHERE owed.due_date = %s), 0) || '|' ||
       coalesce(sum(owed.amount) FILTER (WHERE owed.due_date > %s), 0), NULL::integer
  FROM (
    SELECT entity.holding_id, entry.due_date,
           entry.debit - coalesce((SELECT sum(part.amount) FROM finance_allocation part
                                    WHERE part.debit_id = entry.id), 0) AS amount
      FROM finance_ledgerentry entry
      JOIN counterparties_legalentity entity ON entity.id = entry.legal_entity_id
     WHERE {served} AND entry.debit > 0 AND entry.currency = 'RUB' AND entry.due_date BETWEEN %s AND %s
     UNION ALL
    SELECT entity.holding_id, item.due_date, item.amount
      FROM finance_overdueitem item
      JOIN finance_settlement settlement ON settlement.id = item.settlement_id AND settlement.currency = 'RUB'
      JOIN counterparties_contract contract ON contract.id = settlement.contract_id
      JOIN counterparties_legalentity entity ON entity.id = contract.legal_entity_id
     WHERE {served} AND item.due_date BETWEEN %s AND %s
       AND NOT EXISTS (SELECT FROM finance_ledgerentry entry WHERE entry.contract_id = contract.id)
  ) AS owed
 WHERE owed.amount > 0
 GROUP BY owed.holding_id
"""


def _due(actor: Actor, on: date) -> Source:
    """Of each client: what has become overdue today, is due today or tomorrow. Older debts are not news."""
    served, ids = served_sql(actor, "entity.holding_id")
    first, last = on - _DAY, on + _DAY
    parameters: list[Any] = [on, on, on, *ids, first, last, *ids, first, last]

    def words(found: Found) -> Told:
        late, today, tomorrow = (Decimal(text) for text in found.words.split("|"))
        told = [
            (late, _("стало просроченным сегодня {sum} ₽")),
            (today, _("оплатить сегодня {sum} ₽")),
            (tomorrow, _("срок завтра {sum} ₽")),
        ]
        why = "; ".join(text.format(sum=format_money(amount)) for amount, text in told if amount)
        papers = plural(found.count, _("документ"), _("документа"), _("документов"))
        address = f"{reverse('finance:receivables')}?holding={found.holding_id}"
        return Told(f"{found.count} {papers}: {why}", address)

    return Source(MorningKind.OVERDUE, _DUE.format(served=served), parameters, words)
