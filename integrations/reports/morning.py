"""Orders of an employee's clients that do not get to 1C, as cards of his morning."""

from datetime import datetime
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.permissions import Permission
from counterparties.actor import Actor
from counterparties.morning import Found, MorningKind, Source, Told
from counterparties.selectors.morning import served_sql
from integrations.models import ExportState
from orders.stuck import FETCH_HOURS
from portal.lib.words import plural

UNCONFIRMED_SESSIONS = 3
"""1C that has fetched an order so often and never confirmed it does not get it, either."""

_EXPORTS = """
SELECT orders.holding_id, 'exchange:' || min(orders.id), sum(part.total), min(export.queued_at),
       NULL::timestamptz, count(DISTINCT orders.id)::integer,
       holding.name || '|' || min(orders.id) || '|' || coalesce(
           (array_agg(export.error ORDER BY export.id) FILTER (WHERE export.state = %s))[1], ''),
       NULL::integer
  FROM integrations_orderexport export
  JOIN orders_orderpart part ON part.id = export.part_id
  JOIN orders_order orders ON orders.id = part.order_id
  JOIN counterparties_holding holding ON holding.id = orders.holding_id
 WHERE {served} AND orders.state NOT IN ('completed', 'cancelled', 'rejected', 'shipped')
   AND (export.state = %s
        OR export.state = %s AND export.accepted_version < export.version
           AND (export.unacked >= %s OR export.queued_at <= %s - make_interval(hours => %s)))
 GROUP BY orders.holding_id, holding.name
"""


def exchange_sources(*, actor: Actor, at: datetime) -> list[Source]:
    """Orders set aside, not confirmed or not fetched; one card for a client; none without the right."""
    if not actor.can(Permission.ORDER_VIEW):
        return []
    served, ids = served_sql(actor, "orders.holding_id")
    parameters = [
        ExportState.QUARANTINED.value, *ids, ExportState.QUARANTINED.value, ExportState.QUEUED.value,
        UNCONFIRMED_SESSIONS, at, FETCH_HOURS,
    ]  # fmt: skip
    return [Source(MorningKind.EXCHANGE, _EXPORTS.format(served=served), parameters, _told)]


def _told(found: Found) -> Told:
    client, first, error = found.words.split("|", 2)
    orders = plural(found.count, _("заказ"), _("заказа"), _("заказов"))
    reason = error.strip().splitlines()[0] if error.strip() else _("1С не забирает или не подтверждает")
    why = _("{count} {orders} не в 1С: {reason}").format(count=found.count, orders=orders, reason=reason)
    if found.count == 1:
        return Told(why, reverse("orders:detail", args=[int(first)]))
    return Told(why, f"{reverse('orders:stuck')}?{urlencode({'client': client})}")
