"""Letters about visits."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from counterparties.models import Visit
from portal.lib.mail import mail_send


def visit_message_mail(*, visit_id: int, key: str) -> int:
    """Send the person what the manager wrote after working in his cabinet; return the number of letters."""
    visit = Visit.objects.select_related("employee", "person", "holding").get(pk=visit_id)
    if not visit.person.is_active or not visit.message_at:
        return 0
    begun = timezone.localtime(visit.started_at).strftime("%d.%m.%Y %H:%M")
    mail_send(
        key=key,
        to=[visit.person.email],
        subject=_("Менеджер поработал в вашем кабинете: {holding}").format(holding=visit.holding.name),
        template="mail/notice",
        context={
            "paragraphs": [
                _("{employee} работал(а) в вашем кабинете {begun} и пишет:").format(
                    employee=visit.employee.get_full_name(), begun=begun
                ),
                visit.message,
            ],
            "action": _("История действий"),
            "address": settings.SITE_URL + reverse("counterparties:visits"),
        },
    )
    return 1
