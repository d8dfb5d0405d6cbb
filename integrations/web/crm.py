"""The address that CRM systems tell of changes at: noted, answered at once, read afterwards."""

from urllib.parse import parse_qsl
from uuid import UUID

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from integrations.crm.hooks import told_of
from integrations.models import CrmAccount
from integrations.services.crm.inbound import Hint, HookRefused, hints_take, hook_check

_LONGEST, _MOST_FIELDS = 500_000, 20_000

log = structlog.get_logger()


@csrf_exempt
@login_not_required
@require_POST
def crm_hook(request: HttpRequest, hook: UUID) -> HttpResponse:
    """200 for whatever comes from the CRM, understood or not: it is told once more by the hourly reading."""
    account = CrmAccount.objects.filter(hook=hook, is_active=True).first()
    if account is None:
        return HttpResponse(status=404)
    body = request.read(_LONGEST + 1)
    if len(body) > _LONGEST:
        return HttpResponse(status=413)
    try:
        pairs = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MOST_FIELDS
        )
    except ValueError:
        return HttpResponse(status=400)
    told = told_of(account.kind, pairs)
    try:
        hook_check(account=account, told=told.proof)
    except HookRefused:
        log.warning("crm_hook_stranger", account=account.pk)
        return HttpResponse(status=403)
    hints_take(account=account, hints=[Hint(*card) for card in told.cards], at=timezone.now())
    return HttpResponse()
