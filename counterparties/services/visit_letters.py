"""Letters about visits."""

from django.conf import settings
from django.urls import reverse
from django.utils import timezone

from accounts.services.letters import letters_send
from counterparties.models import Visit


def visit_message_mail(*, visit_id: int, key: str) -> int:
    """Send the person what the manager wrote after working in his cabinet; return the number of letters."""
    visit = Visit.objects.select_related("employee", "person", "holding").get(pk=visit_id)
    if not visit.person.is_active or not visit.message_at:
        return 0
    return letters_send(
        key=key,
        to=[visit.person.email],
        letter="visit_message",
        context={
            "holding": visit.holding.name,
            "employee": visit.employee.get_full_name(),
            "begun": timezone.localtime(visit.started_at),
            "message": visit.message,
            "address": settings.SITE_URL + reverse("counterparties:visits"),
        },
    )
