"""«Расчёты»: what a client owes and how much he may, by legal entity, document and line."""

from datetime import date
from typing import Literal

from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.permissions import Permission
from counterparties.models import Contract
from counterparties.web.access import cabinet, permitted
from counterparties.web.middleware import PortalRequest
from finance.ledger_file import ledger_workbook
from finance.selectors import settlement_page
from finance.selectors.credit_page import credit_history
from finance.selectors.money import Bar, debt_by_week, debts_of, money_page
from finance.selectors.payables import money_contracts, payer_of
from finance.selectors.receivables import LedgerRow, ageing, balance_on, ledger_rows
from finance.web.charts import chart_of
from finance.web.naming import order_links
from orders.selectors.purchase_months import purchases_by_month

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
PAGE = 50


@require_safe
@cabinet
@permitted(Permission.FINANCE_VIEW)
def settlements(request: PortalRequest) -> HttpResponse:
    """All legal entities whose money the person may see: the portal's documents, then what 1C says."""
    on = timezone.localdate()
    contracts = money_contracts(request.actor)
    money = money_page(contracts=contracts, on=on)
    bought = purchases_by_month(contract_ids=[contract.pk for contract in contracts], on=on)
    months = [Bar(start, f"{start:%m.%y}", amount) for start, amount in bought.items()]
    context = {
        "money": money,
        "purchases": chart_of(months) if any(bought.values()) else None,
        "chart": chart_of(debt_by_week(money.debits, on=on)) if money.debits else None,
        "page": settlement_page(actor=request.actor, at=timezone.now()),
        "area": "settlements",
    }
    return render(request, "finance/settlements.html", context)


@require_safe
@permitted(Permission.FINANCE_VIEW)
def receivables(request: PortalRequest) -> HttpResponse:
    """Open documents by term with their ageing; `by=age` counts from the document's day."""
    contracts = _contracts(request)
    payers = {payer_of(contract).pk: payer_of(contract) for contract in contracts}
    chosen = _chosen(request, set(payers))
    own = [one for one in contracts if not chosen or payer_of(one).pk == chosen]
    money = debts_of(contracts=own, on=timezone.localdate())
    by: Literal["overdue", "age"] = "age" if request.GET.get("by") == "age" else "overdue"
    page = Paginator(money.debits, PAGE).get_page(request.GET.get("page"))
    links = order_links((debit.order_reference for debit in page), actor=request.actor)
    context = {
        "payers": payers.values(),
        "chosen": chosen,
        "by": by,
        "money": money,
        "buckets": ageing(money.debits, by=by),
        "page_obj": page,
        "rows": [
            (debit, payer_of(_contract(contracts, debit.contract_id)), links.get(debit.order_reference))
            for debit in page
        ],
        "area": "settlements",
    }
    return render(request, "finance/receivables.html", context)


@require_safe
@permitted(Permission.FINANCE_VIEW)
def credit(request: PortalRequest) -> HttpResponse:
    """Credit lines with what holds them, their changes, and the ledger of each contract."""
    on = timezone.localdate()
    contracts = _contracts(request)
    money = money_page(contracts=contracts, on=on)
    history = credit_history(
        line_ids=[line.pk for line in money.lines], contract_ids=[one.pk for one in contracts], on=on
    )
    links = order_links((row.reference for row in history.reservations), actor=request.actor)
    context = {
        "money": money,
        "history": history,
        "reservations": [(row, links.get(row.reference)) for row in history.reservations],
        "contracts": contracts,
        "area": "settlements",
    }
    return render(request, "finance/credit.html", context)


@require_safe
@permitted(Permission.FINANCE_VIEW)
def ledger(request: PortalRequest, pk: int) -> HttpResponse:
    """Operations under a contract with the running balance; `since` and `until` are Moscow dates."""
    contract, since, until, rows = _ledger(request, pk)
    page = Paginator(rows[::-1], PAGE).get_page(request.GET.get("page"))
    links = order_links((row.order_reference for row in page), actor=request.actor)
    context = {
        "contract": contract,
        "since": since,
        "until": until,
        "page_obj": page,
        "rows": [(row, links.get(row.order_reference)) for row in page],
        "opening": balance_on(contract_id=pk, currency=contract.currency, before=since) if since else 0,
        "debit": sum(row.debit for row in rows),
        "credit": sum(row.credit for row in rows),
        "closing": rows[-1].balance if rows else None,
        "area": "settlements",
    }
    return render(request, "finance/ledger.html", context)


@require_safe
@permitted(Permission.FINANCE_VIEW)
def ledger_file(request: PortalRequest, pk: int) -> HttpResponse:
    """The same operations as a workbook."""
    contract, since, until, rows = _ledger(request, pk)
    return HttpResponse(
        ledger_workbook(contract=contract, since=since, until=until, rows=rows),
        content_type=XLSX,
        headers={
            "Content-Disposition": f'attachment; filename="ledger-{pk}.xlsx"',
            "Cache-Control": "no-store",
        },
    )


def _ledger(request: PortalRequest, pk: int) -> tuple[Contract, date | None, date | None, list[LedgerRow]]:
    contract = _contract(money_contracts(request.actor), pk)
    since, until = _day(request.GET.get("since", "")), _day(request.GET.get("until", ""))
    rows = ledger_rows(contract_id=pk, currency=contract.currency, since=since, until=until)
    return contract, since, until, rows


def _contracts(request: PortalRequest) -> list[Contract]:
    """The client's own; an employee looks at one client at a time: `holding=7`."""
    contracts = money_contracts(request.actor)
    if request.actor.is_client:
        return contracts
    holding_id = _number(request.GET.get("holding", ""))
    own = [one for one in contracts if one.legal_entity.holding_id == holding_id]
    if not own:
        raise Http404
    return own


def _contract(contracts: list[Contract], pk: int) -> Contract:
    found = next((one for one in contracts if one.pk == pk), None)
    if found is None:
        raise Http404
    return found


def _chosen(request: PortalRequest, payers: set[int]) -> int | None:
    text = request.GET.get("entity", "")
    if not text:
        return None
    number = _number(text)
    if number not in payers:
        raise Http404
    return number


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 19 else None


def _day(text: str) -> date | None:
    """A date of the form; what is none sets no bound."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
