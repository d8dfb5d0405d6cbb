"""Answers for probes: is the process alive, is it ready to serve."""

from django.contrib.auth.decorators import login_not_required
from django.db import OperationalError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse

from portal.outbox.selectors import queue_lag


@login_not_required
def alive(request: HttpRequest) -> HttpResponse:
    """200 as long as the process answers at all."""
    return HttpResponse("ok", content_type="text/plain")


@login_not_required
def ready(request: HttpRequest) -> JsonResponse:
    """200 when the database answers and is migrated; tells the queue's lag in seconds."""
    try:
        executor = MigrationExecutor(connection)
        pending = executor.migration_plan(executor.loader.graph.leaf_nodes())
        if pending:
            return JsonResponse({"ready": False, "reason": "migrations"}, status=503)
        return JsonResponse({"ready": True, "queue_lag_seconds": queue_lag()})
    except OperationalError:
        return JsonResponse({"ready": False, "reason": "database"}, status=503)
