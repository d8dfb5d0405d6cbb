"""Carts, habits and orders of an employee's clients, as cards of his morning."""

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db import connection
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.morning import Found, MorningKind, Source, Told
from counterparties.selectors.morning import days_in_words, served_sql
from finance.selectors.morning import Wanted
from finance.states import PaymentTerms
from finance.workdays import earlier_sql
from orders.claim_states import OPEN_CLAIMS
from orders.states import OrderState
from orders.stuck import STILL_DAYS, StuckKind
from portal.lib.dates import MOSCOW, moscow_date
from portal.lib.words import plural

FORGOTTEN_CART_DAYS = 30
"""A cart that nobody has touched for longer is no talk any more."""
FORGOTTEN_HABIT_DAYS = 183
"""After half a year of silence a good has been given up, not delayed."""
FRESH_DAYS = 3
"""Orders of so many days are looked at beside the counted rhythms, which are of last night."""
PROMISES: Mapping[StuckKind, timedelta] = {
    StuckKind.MANAGER: timedelta(hours=2),
    StuckKind.APPROVAL: timedelta(hours=24),
    StuckKind.HOLD: timedelta(hours=24),
    StuckKind.STILL: timedelta(days=STILL_DAYS),
    StuckKind.ABANDONED: timedelta(0),
}
"""For how long an order may stand before it is told of in the morning. Of what keeps an order from 1C
the exchange tells, of payments the money."""
_LATELY = timedelta(days=90)
ORDER_CONTACTS = (
    """
    SELECT max(step.at) FROM orders_quote quote JOIN orders_quotestep step ON step.quote_id = quote.id
     WHERE quote.holding_id = member.id AND step.state IN ('offered', 'declined')
    """,
    """
    SELECT max(claim.decided_at) FROM orders_claim claim WHERE claim.holding_id = member.id
    """,
)
"""When a person answered a request of prices or decided on a claim: see `morning`."""


def order_sources(*, actor: Actor, at: datetime) -> list[Source]:
    """Prices and claims asked, carts left alone, usual orders late, orders that stand; by the right alone."""
    if not actor.can(Permission.ORDER_VIEW):
        return []
    return [
        _quotes(actor),
        _claims(actor),
        _carts(actor, at),
        _rhythms(actor, moscow_date(at)),
        _stuck(actor, at),
    ]


_CLAIMS = """
SELECT claim.holding_id, 'claim:' || claim.id, sum(line.gross), claim.created_at, claim.answer_due_at,
       count(line.id)::integer, claim.number, claim.created_by_id
  FROM orders_claim claim
  LEFT JOIN orders_claimline line ON line.claim_id = claim.id
 WHERE claim.state = ANY(%s) AND {served}
 GROUP BY claim.id
"""


def _claims(actor: Actor) -> Source:
    """Claims on which nobody has decided, at what the goods cost."""
    served, told = served_sql(actor, "claim.holding_id")

    def words(found: Found) -> Told:
        why = _("Рекламация № {number} ждёт решения").format(number=found.words)
        return Told(why, reverse("orders:claim", args=[int(found.reference.partition(":")[2])]))

    sql = _CLAIMS.format(served=served)
    return Source(MorningKind.CLAIM, sql, [sorted(OPEN_CLAIMS), *told], words)


_QUOTES = """
SELECT quote.holding_id, 'quote:' || quote.uid,
       nullif(sum(round(line.quantity * coalesce(line.price_then, line.target_price, 0), 2)), 0),
       quote.created_at, quote.answer_due_at, count(*)::integer, quote.number, quote.created_by_id
  FROM orders_quote quote
  JOIN orders_quoteline line ON line.quote_id = quote.id
 WHERE quote.state IN ('submitted', 'in_work') AND {served}
 GROUP BY quote.id
"""


def _quotes(actor: Actor) -> Source:
    """Requests of prices that wait for an answer, at what the goods cost the client when he asked."""
    served, told = served_sql(actor, "quote.holding_id")

    def words(found: Found) -> Told:
        lines = plural(found.count, _("строка"), _("строки"), _("строк"))
        why = _("Запрос цен № {number}: {count} {lines}").format(
            number=found.words, count=found.count, lines=lines
        )
        return Told(why, reverse("orders:quote_answer", args=[found.reference.partition(":")[2]]))

    return Source(MorningKind.QUOTE, _QUOTES.format(served=served), told, words)


_CARTS = """
SELECT entity.holding_id, 'cart:' || cart.id,
       nullif(sum(round(line.quantity * coalesce(line.price_when_added, 0), 2)), 0), cart.updated_at,
       NULL::timestamptz, count(*)::integer, person.full_name, person.id
  FROM orders_cart cart
  JOIN counterparties_legalentity entity ON entity.id = cart.legal_entity_id AND entity.merged_into_id IS NULL
  JOIN accounts_user person ON person.id = cart.user_id AND person.is_active
  JOIN orders_cartline line ON line.cart_id = cart.id
 WHERE {served} AND cart.is_current AND cart.drafted_by_id IS NULL AND cart.updated_at > %s
   AND cart.updated_at <= (({earlier})::date + %s::time) AT TIME ZONE 'Europe/Moscow'
 GROUP BY entity.holding_id, cart.id, person.id
"""


def _carts(actor: Actor, at: datetime) -> Source:
    """Left alone since the same hour one working day ago, or for longer."""
    there = at.astimezone(MOSCOW)
    earlier, days = earlier_sql(there.date())
    served, told = served_sql(actor, "entity.holding_id")
    since = at - timedelta(days=FORGOTTEN_CART_DAYS)

    def words(found: Found) -> Told:
        days = (moscow_date(at) - moscow_date(found.since or at)).days
        lines = plural(found.count, _("строка"), _("строки"), _("строк"))
        why = _("{person}: в корзине {count} {lines}, не трогали {days}").format(
            person=found.words, count=found.count, lines=lines, days=days_in_words(days)
        )
        address = f"{reverse('counterparties:client', args=[found.holding_id])}?tab=orders"
        return Told(why, address, reverse("orders:cart"))

    sql = _CARTS.format(served=served, earlier=earlier)
    return Source(MorningKind.CART, sql, [*told, since, *days, there.time()], words)


_RHYTHMS = """
WITH fresh AS (
    SELECT orders.holding_id, line.sku_id
      FROM orders_order orders
      JOIN orders_orderpart part ON part.order_id = orders.id
      JOIN orders_orderline line ON line.part_id = part.id
     WHERE orders.submitted_at > %s AND orders.state NOT IN ('cancelled', 'rejected') AND {fresh}
)
SELECT rhythm.holding_id, 'rhythm', sum(round(rhythm.usual * rhythm.last_price, 2)),
       min(rhythm.broken_from)::timestamp AT TIME ZONE 'Europe/Moscow', NULL::timestamptz,
       count(*)::integer,
       (array_agg(product.name || '|' || rhythm.days || '|' || (%s - rhythm.last_on)
                  ORDER BY rhythm.usual * rhythm.last_price DESC, rhythm.id))[1], NULL::integer
  FROM orders_purchaserhythm rhythm
  JOIN catalog_sku sku ON sku.id = rhythm.sku_id AND NOT sku.is_hidden
  JOIN catalog_product product ON product.id = sku.product_id AND NOT product.is_hidden
 WHERE {served} AND rhythm.broken_from <= %s AND rhythm.last_on > %s
   AND NOT EXISTS (SELECT FROM fresh
                    WHERE fresh.holding_id = rhythm.holding_id AND fresh.sku_id = rhythm.sku_id)
 GROUP BY rhythm.holding_id
"""


def _rhythms(actor: Actor, on: date) -> Source:
    served, told = served_sql(actor, "rhythm.holding_id")
    fresh, ids = served_sql(actor, "orders.holding_id")
    lately = datetime.combine(on - timedelta(days=FRESH_DAYS), time(), tzinfo=MOSCOW)

    def words(found: Found) -> Told:
        name, days, passed = found.words.rsplit("|", 2)
        why = _("{name}: берут раз в {days}, прошло {passed}").format(
            name=name, days=days_in_words(int(days)), passed=int(passed)
        )
        if found.count > 1:
            others = found.count - 1
            goods = plural(others, _("товар"), _("товара"), _("товаров"))
            why = _("{why}; и ещё {count} {goods}").format(why=why, count=others, goods=goods)
        address = f"{reverse('counterparties:client', args=[found.holding_id])}?tab=orders"
        return Told(why, address, f"{reverse('orders:assortment')}?due=1")

    sql = _RHYTHMS.format(fresh=fresh, served=served)
    forgotten = on - timedelta(days=FORGOTTEN_HABIT_DAYS)
    return Source(MorningKind.RHYTHM, sql, [lately, *ids, on, *told, on, forgotten], words)


# The condition on states is that of the index `order_under_way`; cancelled ones come by their date.
_STUCK = """
WITH standing AS (
    SELECT orders.id, orders.holding_id, orders.total, orders.currency, told.kind,
           coalesce(step.at, orders.submitted_at) AS since
      FROM orders_order orders
      LEFT JOIN LATERAL (
           SELECT step.at FROM orders_orderstep step WHERE step.order_id = orders.id
            ORDER BY step.id DESC LIMIT 1) AS step ON true
     CROSS JOIN LATERAL (
           SELECT bool_and(part.accepted_at IS NOT NULL OR part.total = 0) AS is_accepted,
                  max(part.erp_formed_at) AS moved_at
             FROM orders_orderpart part WHERE part.order_id = orders.id) AS parts
     CROSS JOIN LATERAL (
           SELECT CASE orders.state
                  WHEN 'on_approval' THEN 'approval'
                  WHEN 'submitted' THEN 'manager'
                  WHEN 'on_hold' THEN 'hold'
                  ELSE CASE WHEN (parts.is_accepted OR orders.origin = 'erp') AND orders.payment_terms <> %s
                             AND coalesce(parts.moved_at, '-infinity') <= %s THEN 'still' END
                  END AS kind) AS told
     WHERE {served} AND orders.state NOT IN ('completed', 'cancelled', 'rejected', 'shipped')
     UNION ALL
    SELECT orders.id, orders.holding_id, orders.total, orders.currency, 'abandoned',
           coalesce(step.at, orders.submitted_at)
      FROM orders_order orders
      LEFT JOIN LATERAL (
           SELECT step.at FROM orders_orderstep step WHERE step.order_id = orders.id
            ORDER BY step.id DESC LIMIT 1) AS step ON true
     WHERE {served} AND orders.state = %s AND orders.origin = 'portal' AND orders.submitted_at >= %s
       AND EXISTS (SELECT FROM orders_orderpart part
                    WHERE part.order_id = orders.id AND NOT part.is_cancelled
                      AND (part.accepted_at IS NOT NULL OR part.erp_formed_at IS NOT NULL))
)
SELECT standing.holding_id, 'stuck:' || standing.kind,
       sum(standing.total) FILTER (WHERE standing.currency = 'RUB'),
       min(standing.since), min(standing.since) + promise.span, count(*)::integer,
       holding.name || '|' || min(standing.id), NULL::integer
  FROM standing
  JOIN unnest(%s::text[], %s::interval[]) AS promise (kind, span) ON promise.kind = standing.kind
  JOIN counterparties_holding holding ON holding.id = standing.holding_id
 WHERE standing.since <= %s - promise.span
 GROUP BY standing.holding_id, standing.kind, promise.span, holding.name
"""


def _stuck(actor: Actor, at: datetime) -> Source:
    """One card for a client and a reason; what keeps orders longer than was promised."""
    served, told = served_sql(actor, "orders.holding_id")
    still = at - timedelta(days=STILL_DAYS)
    parameters = [
        PaymentTerms.PREPAID.value, still, *told, *told, OrderState.CANCELLED.value, at - _LATELY,
        [kind.value for kind in PROMISES], list(PROMISES.values()), at,
    ]  # fmt: skip

    def words(found: Found) -> Told:
        kind = StuckKind(found.reference.partition(":")[2])
        client, first = found.words.rsplit("|", 1)
        count = plural(found.count, _("заказ"), _("заказа"), _("заказов"))
        why = _("{count} {orders}: {why}").format(
            count=found.count, orders=count, why=str(kind.label)[:1].lower() + str(kind.label)[1:]
        )
        if found.count == 1:
            return Told(why, reverse("orders:detail", args=[int(first)]))
        return Told(why, f"{reverse('orders:stuck')}?{urlencode({'kind': kind, 'client': client})}")

    return Source(MorningKind.STUCK, _STUCK.format(served=served), parameters, words)


# Carts of late and orders that no money has been held for yet.
_WANTED = """
SELECT wanted.contract_id, sum(wanted.need),
       (SELECT coalesce(max(override.amount - override.used), 0) FROM finance_creditoverride override
         WHERE override.contract_id = wanted.contract_id AND override.reference = ''
           AND override.valid_until >= %s)
  FROM (
    SELECT cart.contract_id, round(line.quantity * coalesce(line.price_when_added, 0), 2) AS need
      FROM orders_cart cart
      JOIN counterparties_legalentity entity
        ON entity.id = cart.legal_entity_id AND entity.merged_into_id IS NULL
      JOIN orders_cartline line ON line.cart_id = cart.id
     WHERE {carts} AND cart.is_current AND cart.drafted_by_id IS NULL AND cart.updated_at > %s
     UNION ALL
    SELECT orders.contract_id, orders.total FROM orders_order orders
     WHERE {orders} AND orders.state IN ('on_approval', 'submitted', 'on_hold')
       AND orders.payment_terms = %s AND orders.currency = 'RUB'
) AS wanted
  JOIN counterparties_contract contract ON contract.id = wanted.contract_id
  JOIN counterparties_legalentity firm ON firm.id = contract.legal_entity_id
 WHERE EXISTS (SELECT FROM finance_creditline line WHERE line.contract_id = contract.id)
    OR EXISTS (SELECT FROM finance_creditline line WHERE line.holding_id = firm.holding_id)
    OR EXISTS (SELECT FROM finance_creditline line
                WHERE line.legal_entity_id IN (firm.id, firm.merged_into_id))
    OR EXISTS (SELECT FROM finance_blockrule rule WHERE rule.is_active AND rule.action <> 'warn')
 GROUP BY wanted.contract_id
"""
WANTED_DAYS = 7
"""Carts of so many days count as orders that are wanted now."""


def orders_wanted(*, actor: Actor, at: datetime) -> dict[int, Wanted]:
    """What clients want to order on credit now, by contract: carts, waiting orders; one query.

    Contracts that no line and no block rule could stop are left out.
    """
    if not actor.can(Permission.ORDER_VIEW):
        return {}
    carts, own = served_sql(actor, "entity.holding_id")
    orders, ids = served_sql(actor, "orders.holding_id")
    parameters: list[Any] = [
        moscow_date(at),
        *own,
        at - timedelta(days=WANTED_DAYS),
        *ids,
        PaymentTerms.CREDIT.value,
    ]
    with connection.cursor() as cursor:
        cursor.execute(_WANTED.format(carts=carts, orders=orders), parameters)
        return {pk: Wanted(need, let_through) for pk, need, let_through in cursor.fetchall()}
