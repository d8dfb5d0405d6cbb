"""The address at which a mail server posts letters that answer talks."""

import structlog
from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.mailbox.letters import MOST_BYTES
from integrations.services.mailbox import SignatureWrong, letter_receive, signature_check
from portal.audit.middleware import client_ip

log = structlog.get_logger()


@csrf_exempt
@login_not_required
@require_POST
def mail_inbound(request: HttpRequest) -> HttpResponse:
    """A raw letter, signed: 200 whatever became of it, so that the server does not send it again."""
    if not settings.TALK_MAIL_SECRET:
        return HttpResponse(status=404)
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isdigit() and int(length) <= MOST_BYTES):
        return HttpResponse(status=413)
    body, now = request.read(MOST_BYTES + 1), timezone.now()
    try:
        signature_check(
            body=body,
            stamp=request.headers.get("X-Timestamp", ""),
            signature=request.headers.get("X-Signature", ""),
            at=now,
        )
    except SignatureWrong as reason:
        log.warning("mail_stranger", ip=client_ip(request), reason=str(reason))
        return HttpResponse(status=401)
    letter_receive(body, at=now)
    return HttpResponse()
