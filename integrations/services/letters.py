"""Letters about the exchange to the administrators."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.models import User
from accounts.services.letters import letters_send
from integrations.models import ExchangeNode, ExportState, OrderExport, StreamKind
from integrations.models.freshness import STREAMS
from integrations.reports.freshness import stream_rows
from portal.lib.dates import format_moment

_MOST = 20
_EXPORTS = "admin:integrations_orderexport_changelist"
_STREAMS = "admin:integrations_exchangestream_changelist"
_NAMES = dict(STREAMS)


def unconfirmed_mail(*, node_id: int, numbers: Sequence[str], key: str) -> int:
    """Tell that a base does not confirm its orders; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    context = {"node": node.name, "numbers": numbers[:_MOST], "more": max(len(numbers) - _MOST, 0)}
    return _send(key, "exchange_unconfirmed", context, leads_to=_EXPORTS)


def quarantined_mail(*, export_ids: Collection[int], key: str) -> int:
    """Tell which orders go out no more, and why; return the addresses."""
    exports = OrderExport.objects.filter(pk__in=export_ids, state=ExportState.QUARANTINED)
    rows = list(exports.select_related("part").order_by("pk"))
    if not rows:
        return 0
    told = [{"number": export.part.number, "error": export.error} for export in rows[:_MOST]]
    context = {"rows": told, "more": max(len(rows) - _MOST, 0)}
    return _send(key, "exchange_quarantined", context, leads_to=_EXPORTS)


def streams_late_mail(*, node_id: int, kinds: Collection[str], at: datetime, key: str) -> int:
    """Tell what of a base is late and since when; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    told = [
        {
            "kind": row.kind.value,
            "label": row.name,
            "last_at": timezone.localtime(row.last_at),
            "last_text": format_moment(row.last_at),
            "allowed_text": row.allowed_text,
            "allowed_minutes": int((row.allowed or timedelta()).total_seconds()) // 60,
        }
        for row in stream_rows(at=at)
        if row.node == node and row.kind in kinds and row.last_at
    ]
    is_seen = bool({StreamKind.STOCK, StreamKind.PRICES} & set(kinds))
    context = {"node": node.name, "streams": told, "is_seen": is_seen}
    return _send(key, "streams_late", context, leads_to=_STREAMS)


def streams_back_mail(*, node_id: int, kinds: Collection[str], key: str) -> int:
    """Tell that what was late has come; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    streams = [{"kind": kind, "label": label} for kind, label in _NAMES.items() if kind in kinds]
    return _send(key, "streams_back", {"node": node.name, "streams": streams}, leads_to=_STREAMS)


def _send(key: str, letter: str, context: dict[str, Any], *, leads_to: str) -> int:
    administrators = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    return letters_send(
        key=key,
        to=administrators.order_by("pk").values_list("email", flat=True),
        letter=letter,
        context={**context, "address": settings.SITE_URL + reverse(leads_to)},
    )
