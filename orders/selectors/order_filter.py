"""What a person asks the list of orders for, as conditions on rows."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from functools import reduce
from operator import or_

from django.db.models import (
    Case,
    CharField,
    DecimalField,
    Exists,
    F,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Sum,
    Value,
    When,
)
from django.db.models.functions import Cast, Coalesce, Concat, Greatest

from catalog.models import Sku
from finance.models import Payment
from orders.models import ErpDocument, ErpLine, Order, OrderLine, OrderPart
from orders.pieces import SHORTEST, Pieces, pieces_of
from orders.selectors.numbered import whole_number
from orders.selectors.paid import PaidState
from orders.states import ErpDocumentKind
from portal.lib.dates import MOSCOW

MOST_SKUS = 500
"""Goods that a word may name to be looked for one by one."""
MOST_BEARING = 1_000
"""Orders that may bear a word to be named one by one."""
_SUM = DecimalField(max_digits=18, decimal_places=2)
_ZERO = Value(Decimal("0.00"), output_field=_SUM)


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """Empty values ask for nothing. Days are Moscow's, both inclusive; `goods` is an article or a name."""

    states: tuple[str, ...] = ()
    legal_entity_id: int | None = None
    holding_id: int | None = None
    search: str = ""
    goods: str = ""
    client: str = ""
    contract: str = ""
    author: str = ""
    origin: str = ""
    paid: str = ""
    since: date | None = None
    until: date | None = None


def orders_filtered(orders: QuerySet[Order], chosen: OrderFilter) -> QuerySet[Order]:
    """Narrow the orders down; a filter by goods costs a query of its own."""
    orders = _of_parties(orders, chosen)
    if chosen.states:
        orders = orders.filter(state__in=chosen.states)
    if chosen.origin:
        orders = orders.filter(origin=chosen.origin)
    if chosen.since:
        orders = orders.filter(submitted_at__gte=_begins(chosen.since))
    if chosen.until and chosen.until < date.max:
        orders = orders.filter(submitted_at__lt=_begins(chosen.until + timedelta(days=1)))
    if chosen.goods:
        orders = orders.filter(_holds(chosen.goods))
    if chosen.search:
        orders = orders.filter(_found(chosen.search))
    if chosen.paid:
        orders = _paid(orders, chosen.paid)
    return orders


def _begins(day: date) -> datetime:
    return datetime.combine(day, time(), MOSCOW)


def _of_parties(orders: QuerySet[Order], chosen: OrderFilter) -> QuerySet[Order]:
    if chosen.legal_entity_id is not None:
        orders = orders.filter(legal_entity_id=chosen.legal_entity_id)
    if chosen.holding_id is not None:
        orders = orders.filter(holding_id=chosen.holding_id)
    if chosen.client:
        orders = orders.filter(
            Q(holding__name__icontains=chosen.client)
            | Q(legal_entity__name__icontains=chosen.client)
            | Q(legal_entity__inn__startswith=chosen.client)
        )
    if chosen.contract:
        orders = orders.filter(contract__number__icontains=chosen.contract)
    if chosen.author:
        orders = orders.filter(created_by__full_name__icontains=chosen.author)
    return orders


def _holds(goods: str) -> Q:
    """Orders with one of the goods that the word names; one query finds these, two where only names fit."""
    skus = _skus(goods)
    # Two conditions with «or» between them: so the planner looks into each order that is seen instead of
    # collecting all orders with the goods for every one of them.
    return _has_skus(skus) if len(skus) <= MOST_SKUS else _has_text(goods)


def _found(word: str) -> Q:
    """Numbers of every kind, articles from their beginning and names of goods.

    One of ours written in full is that order. A few orders that bear the word are found by its index: an
    employee would else walk through hundreds of thousands.
    """
    own = whole_number(word)
    if own and Order.objects.filter(number=own).exists():
        return Q(number=own)
    skus, bearing = _skus(word), _bearing(word)
    if bearing is None or len(skus) > MOST_SKUS:
        return _walked(word, skus)
    return Q(pk__in=bearing) | _has_skus(skus) if skus else Q(pk__in=bearing)


def _bearing(word: str) -> list[int] | None:
    """Orders with the word in a number or in the name of unsold goods; None where it fits too many."""
    if len(word) < SHORTEST:
        return None
    numbers = ("number", "client_reference", "erp_number")
    bears = reduce(or_, (Q(**{f"{name}__icontains": word}) for name in numbers))
    pieces = pieces_of(word)
    orders = Order.objects.alias(pieces=Pieces(*numbers)).filter(bears, pieces__contains=pieces)
    parts = OrderPart.objects.alias(pieces=Pieces("erp_number")).filter(
        pieces__contains=pieces, erp_number__icontains=word
    )
    unsold = ErpLine.objects.alias(pieces=Pieces("name")).filter(
        pieces__contains=pieces, sku=None, name__icontains=word, part__order__origin="erp"
    )
    # Each is cut short: a word that all of them bear would else be looked for in every row.
    first, *others = (
        rows.values_list(pk)[: MOST_BEARING + 1]
        for rows, pk in ((orders, "pk"), (parts, "order_id"), (unsold, "part__order_id"))
    )
    pks = [pk for (pk,) in first.union(*others, all=True)[: MOST_BEARING + 1]]
    return pks if len(pks) <= MOST_BEARING else None


def _walked(word: str, skus: list[int]) -> Q:
    """The same for a word that is short or fits very many: order by order, those that the actor sees."""
    in_erp = OrderPart.objects.filter(order=OuterRef("pk"), erp_number__icontains=word)
    numbers = (
        Q(number__icontains=word)
        | Q(client_reference__icontains=word)
        | Q(erp_number__icontains=word)
        | Q(Exists(in_erp))
    )
    if len(skus) > MOST_SKUS:
        return numbers | _has_text(word)
    unsold = ErpLine.objects.filter(
        part__order=OuterRef("pk"), part__order__origin="erp", sku=None, name__icontains=word
    )
    goods = numbers | Q(Exists(unsold))
    return goods | _has_skus(skus) if skus else goods


def _skus(word: str) -> list[int]:
    """Goods by the article from its beginning, else by the name; one more than most where there are more."""
    exact = Sku.objects.filter(Q(article__istartswith=word) | Q(product__article__istartswith=word))
    named = Sku.objects.filter(product__name__icontains=word)
    for skus in (exact, named):
        found = list(skus.values_list("pk", flat=True)[: MOST_SKUS + 1])
        if found:
            return found
    return []


def _has_skus(skus: list[int]) -> Q:
    lines = OrderLine.objects.filter(part__order=OuterRef("pk"), sku__in=skus)
    erp_lines = ErpLine.objects.filter(part__order=OuterRef("pk"), part__order__origin="erp", sku__in=skus)
    return Q(Exists(lines)) | Q(Exists(erp_lines))


def _has_text(word: str) -> Q:
    """By the words of the lines themselves: the word names too many goods to look for each."""
    goods = Q(article__istartswith=word) | Q(name__icontains=word)
    lines = OrderLine.objects.filter(goods, part__order=OuterRef("pk"))
    erp_lines = ErpLine.objects.filter(goods, part__order=OuterRef("pk"), part__order__origin="erp")
    return Q(Exists(lines)) | Q(Exists(erp_lines))


def _paid(orders: QuerySet[Order], state: str) -> QuerySet[Order]:
    """As `paid_state` tells of a row: what the portal noted and what 1C told are the same money."""
    alive = OrderPart.objects.filter(order=OuterRef("pk"), is_cancelled=False)
    orders = orders.annotate(
        sum_due=Coalesce(_total(alive, _PART_SUM), _ZERO),
        sum_paid=Greatest(
            Coalesce(_total(_noted(), F("amount"), by="reference"), _ZERO),
            Coalesce(_total(_erp_payments(), F("total"), by="part__order"), _ZERO),
            Coalesce(_total(alive, F("erp_paid_sum")), _ZERO),
        ),
    )
    whole = Q(Exists(alive), ~Exists(alive.filter(is_paid=False))) | Q(sum_due__gt=0, is_covered=True)
    orders = orders.annotate(
        is_covered=Case(When(sum_paid__gte=F("sum_due"), then=Value(True)), default=Value(False))
    )
    if state == PaidState.PAID:
        return orders.filter(whole)
    rest = orders.exclude(whole)
    return rest.filter(sum_paid__gt=0) if state == PaidState.PARTLY else rest.filter(sum_paid=0)


_PART_SUM = Case(When(is_erp_aside=True, then=F("total")), default=Coalesce("erp_total", "total"))


def _noted() -> QuerySet[Payment]:
    reference = Concat(Value("order:"), Cast(OuterRef("pk"), CharField()))
    return Payment.objects.filter(reference=reference)


def _erp_payments() -> QuerySet[ErpDocument]:
    return ErpDocument.objects.filter(
        part__order=OuterRef("pk"), kind=ErpDocumentKind.PAYMENT, is_deleted=False
    )


def _total(rows: QuerySet, value: object, *, by: str = "order") -> Subquery:  # type: ignore[type-arg]
    summed = rows.order_by().values(by).annotate(sum_told=Sum(value)).values("sum_told")
    return Subquery(summed, output_field=_SUM)
