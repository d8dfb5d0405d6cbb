"""What monitoring asks: the index of the answering process, how far index, jobs and 1C lag behind."""

from secrets import compare_digest

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

from catalog.index.reading import index_usage
from catalog.selectors import index_lag
from integrations.reports.freshness import stream_rows
from portal.outbox.selectors import queue_lag

_GAUGES = {
    "generation": "Generation of the catalogue index that this process reads",
    "goods": "Skus in it",
    "entries": "Blocks and derived sets kept in memory",
    "bytes": "Memory that they take, about",
    "looked_seconds_ago": "Seconds since this process looked for changes",
}


@login_not_required
@require_safe
def metrics(request: HttpRequest) -> HttpResponse:
    """Text for Prometheus: to an administrator, or to whoever brings METRICS_TOKEN.

    Each web process has an index of its own and answers for itself.
    """
    if not _may_look(request):
        raise PermissionDenied
    registry = CollectorRegistry()
    for name, value in index_usage().items():
        Gauge(f"portal_catalog_index_{name}", _GAUGES[name], registry=registry).set(value)
    lag = Gauge("portal_catalog_index_lag_seconds", "Age of the oldest change not indexed", registry=registry)
    lag.set(index_lag())
    queue = Gauge("portal_queue_lag_seconds", "Age of the oldest job that is due", registry=registry)
    queue.set(queue_lag())
    _tell_exchange(registry)
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)


def _tell_exchange(registry: CollectorRegistry) -> None:
    """How long ago each stream of each base of 1C came; one that has never come is not told."""
    labels = ("node", "stream")
    lag = Gauge("portal_exchange_lag_seconds", "Age of what 1C sent last", labels, registry=registry)
    late = Gauge("portal_exchange_late", "1 where that is longer than allowed", labels, registry=registry)
    for row in stream_rows(at=timezone.now()):
        if row.lag is not None:
            lag.labels(row.node.code, row.kind.value).set(row.lag.total_seconds())
            late.labels(row.node.code, row.kind.value).set(row.is_late)


def _may_look(request: HttpRequest) -> bool:
    if request.user.is_authenticated and request.user.is_superuser:
        return True
    given = request.headers.get("Authorization", "").removeprefix("Bearer ")
    return bool(settings.METRICS_TOKEN) and compare_digest(given.encode(), settings.METRICS_TOKEN.encode())
