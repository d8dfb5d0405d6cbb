"""Kept reckonings: the list, and one with its goods at the reader's own prices."""

import uuid
from dataclasses import dataclass
from datetime import date, datetime

from django.core.paginator import Page, Paginator
from django.db.models import Count

from counterparties.actor import Actor
from counterparties.selectors import Workplace
from orders.models import Calculation, CalculationSharing
from orders.selectors.calculator_goods import GoodsDesk, Offered, Totals, totals_of

PAGE_SIZE = 30


@dataclass(frozen=True, slots=True)
class CalculationRow:
    """One of a list; `author` is empty for one's own."""

    pk: int
    name: str
    calculator: str
    legal_entity: str
    author: str
    lines: int
    is_shared: bool
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class CalculationPage:
    """One page of the list."""

    rows: tuple[CalculationRow, ...]
    page: Page[int]


@dataclass(frozen=True, slots=True)
class KeptLine:
    """A good of a kept reckoning; `goods` is None where it is no longer sold."""

    label: str
    name: str
    goods: Offered | None


@dataclass(frozen=True, slots=True)
class Kept:
    """A kept reckoning as its reader sees it: facts as they stood, goods at his prices of today."""

    calculation: Calculation
    facts: tuple[tuple[str, str], ...]
    lines: tuple[KeptLine, ...]
    totals: Totals

    @property
    def goods(self) -> list[tuple[str, Offered]]:
        """What can still be put into a cart."""
        return [(line.label, line.goods) for line in self.lines if line.goods is not None]


def calculation_rows(*, actor: Actor, page: int | str = 1) -> CalculationPage:
    """One's own and those that colleagues share, the newest first; two queries."""
    visible = Calculation.objects.visible_to(actor)
    place: Page[int] = Paginator(range(visible.count()), PAGE_SIZE).get_page(page)
    first = (place.number - 1) * PAGE_SIZE
    newest = (
        visible.select_related("calculator", "legal_entity", "user")
        .annotate(goods=Count("lines"))
        .order_by("-updated_at", "-pk")[first : first + PAGE_SIZE]
    )
    return CalculationPage(
        tuple(
            CalculationRow(
                pk=one.pk,
                name=one.name,
                calculator=one.calculator.name,
                legal_entity=one.legal_entity.name,
                author="" if one.user_id == actor.user_id else one.user.full_name,
                lines=vars(one)["goods"],
                is_shared=one.token is not None or one.sharing == CalculationSharing.HOLDING,
                updated_at=one.updated_at,
            )
            for one in newest
        ),
        place,
    )


def calculation_open(*, actor: Actor, calculation_id: int) -> Calculation:
    """One that the actor may see. Raises Calculation.DoesNotExist."""
    visible = Calculation.objects.visible_to(actor).select_related("calculator", "legal_entity", "user")
    return visible.get(pk=calculation_id)


def calculation_by_link(*, token: uuid.UUID) -> Calculation:
    """One whose author has given a link to it. Raises Calculation.DoesNotExist."""
    return Calculation.objects.select_related("calculator").get(token=token)


def calculation_kept(calculation: Calculation, *, workplace: Workplace, on: date) -> Kept:
    """Its goods at prices and stock of the reader's workplace; a fixed number of queries."""
    rows = list(calculation.lines.select_related("sku__product").order_by("position"))
    quantities = {row.sku_id: row.quantity for row in rows}
    desk = GoodsDesk(list(quantities), quantities, workplace=workplace, on=on)
    desk.read(list(quantities))
    lines = tuple(KeptLine(row.label, row.sku.name, desk.exactly(row.sku_id, row.quantity)) for row in rows)
    return Kept(
        calculation,
        tuple((str(label), str(text)) for label, text in calculation.facts),
        lines,
        totals_of(line.goods for line in lines if line.goods is not None),
    )
