"""The address that YooKassa tells of payments at."""

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.services.yookassa import HintRefused, is_from_yookassa, yookassa_hint
from portal.audit.middleware import client_ip

_LONGEST = 100_000

log = structlog.get_logger()


@csrf_exempt
@login_not_required
@require_POST
def yookassa_notice(request: HttpRequest) -> HttpResponse:
    """200 for whatever is understood, an unknown payment too, else YooKassa repeats it for a day.

    The address of the sender is taken as our own proxy saw it.
    """
    if not is_from_yookassa(client_ip(request), networks=settings.YOOKASSA_NETWORKS):
        log.warning("yookassa_stranger", ip=client_ip(request))
        return HttpResponse(status=403)
    if not settings.PAYMENT_GATEWAY:
        return HttpResponse(status=404)
    if int(request.META.get("CONTENT_LENGTH") or 0) > _LONGEST:
        return HttpResponse(status=413)
    try:
        yookassa_hint(body=request.body)
    except HintRefused as reason:
        log.warning("yookassa_not_understood", reason=str(reason))
        return HttpResponse(status=400)
    return HttpResponse()
