"""What pages tell of the exchange: how fresh prices and stock are, and that 1C is silent."""

from datetime import datetime
from typing import Any

from django import template
from django.template.context import Context
from django.utils import timezone

from integrations.models import ExchangeFile, FileState
from integrations.reports.feeds import Feed, PageFreshness, feeds_kept, outage_since, page_freshness
from integrations.reports.freshness import stream_rows
from portal.lib.dates import format_since

register = template.Library()


@register.inclusion_tag("integrations/_freshness.html", takes_context=True)
def freshness(context: Context) -> dict[str, Any]:
    """`{% freshness %}`: «Остатки на 12:40», or a warning that 1C is late with them."""
    at, workplace = timezone.now(), context.get("workplace")
    city_id = workplace.city.pk if workplace and workplace.city else None
    told = page_freshness(_feeds(context, at), city_id=city_id, organization_id=_organization(context), at=at)
    return {"quiet": _quiet(told, at), "warnings": _warnings(told, at)}


@register.inclusion_tag("integrations/_outage.html", takes_context=True)
def outage(context: Context) -> dict[str, Any]:
    """`{% outage %}`: a bar for buyers while 1C has been silent for longer than the base may be."""
    at = timezone.now()
    since = outage_since(_feeds(context, at), organization_id=_organization(context), at=at)
    return {"since": since and format_since(since, now=at)}


@register.inclusion_tag("admin/integrations/_state.html", takes_context=True)
def exchange_state(context: Context) -> dict[str, Any]:
    """`{% exchange_state %}`: what of the exchange is late or waits for a decision, to who may look."""
    user = context["request"].user
    told: dict[str, Any] = {}
    if user.has_perm("integrations.view_exchangestream"):
        told["late"] = [row for row in stream_rows(at=timezone.now()) if row.is_late]
    if user.has_perm("integrations.view_exchangefile"):
        told["held"] = ExchangeFile.objects.filter(state=FileState.HELD).count()
    return told


def _feeds(context: Context, at: datetime) -> list[Feed]:
    """Once a request: a page tells both of freshness and of an outage."""
    request = context.get("request")
    kept: list[Feed] | None = getattr(request, "exchange_feeds", None)
    if kept is None:
        kept = feeds_kept(at=at)
        if request is not None:
            request.exchange_feeds = kept
    return kept


def _organization(context: Context) -> int | None:
    workplace = context.get("workplace")
    return workplace.contract.organization_id if workplace and workplace.contract else None


def _quiet(told: PageFreshness, at: datetime) -> list[str]:
    """Those that are in time, together where they came in one minute."""
    stock = told.stock_at and not told.is_stock_late and format_since(told.stock_at, now=at)
    prices = told.prices_at and not told.is_prices_late and format_since(told.prices_at, now=at)
    if stock and stock == prices:
        return [f"Остатки и цены на {stock}"]
    return [f"{name} на {moment}" for name, moment in (("Остатки", stock), ("Цены", prices)) if moment]


def _warnings(told: PageFreshness, at: datetime) -> list[str]:
    stock = told.stock_at and told.is_stock_late and format_since(told.stock_at, now=at)
    prices = told.prices_at and told.is_prices_late and format_since(told.prices_at, now=at)
    if stock and stock == prices:
        return [f"1С не присылала остатки и цены с {stock}, уточним их при подтверждении"]
    return [
        f"1С не присылала {what} с {moment}, {which} уточним при подтверждении"
        for what, moment, which in (("остатки", stock, "количество"), ("цены", prices, "цену"))
        if moment
    ]
