"""Telling the administrators that a system outside takes nothing any more."""

from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.notices import NoticeKind
from accounts.selectors.administrators import administrator_ids
from accounts.services.notices import notice_send
from integrations.models import CrmAccount, WebhookDelivery, WebhookEndpoint
from portal.lib.dates import moscow_date
from portal.lib.said import Said, said


def crm_stopped_tell(account: CrmAccount, *, at: datetime) -> int:
    """A CRM is left alone till somebody looks; return how many people. Once for an account and day."""
    return _tell(
        reference=f"crm:{account.pk}",
        title=said(_("CRM «{name}» приостановлена"), "CRM “{name}” is paused", name=account.name),
        text=said(
            _("{why}. Карточки ждут: исправьте ключи и нажмите «Возобновить»."),
            "Cards wait: mend the keys and resume it in the admin; the reason is told there.",
            why=account.paused_reason.rstrip("."),
        ),
        address=reverse("admin:integrations_crmaccount_change", args=[account.pk]),
        at=at,
    )


def receiver_stopped_tell(endpoint: WebhookEndpoint, *, at: datetime) -> int:
    """A receiver of messages is paused; return how many people. Once for a receiver and day."""
    return _tell(
        reference=f"webhook:{endpoint.pk}",
        title=said(
            _("Получатель вебхуков «{name}» приостановлен"),
            "Webhook receiver “{name}” is paused",
            name=endpoint.name,
        ),
        text=said(
            _("{why}. Сообщения ждут: исправьте получателя и возобновите отправку."),
            "Messages wait: mend the receiver and resume it in the admin; the reason is told there.",
            why=endpoint.paused_reason.rstrip("."),
        ),
        address=reverse("admin:integrations_webhookendpoint_change", args=[endpoint.pk]),
        at=at,
    )


def delivery_dead_tell(endpoint: WebhookEndpoint, delivery: WebhookDelivery, *, at: datetime) -> int:
    """A message was not taken for a day and is sent no more; once for a receiver and day, the first one."""
    return _tell(
        reference=f"webhook_dead:{endpoint.pk}",
        title=said(
            _("Получатель вебхуков «{name}» не принял сообщение"),
            "Webhook receiver “{name}” has not taken a message",
            name=endpoint.name,
        ),
        text=said(
            _("Сообщение {sequence} ({event}) не доставлено за сутки. Пошлите его снова из журнала."),
            "Message {sequence} ({event}) was not delivered for a day. Send it again from the log.",
            sequence=delivery.sequence,
            event=delivery.event,
        ),
        address=reverse("admin:integrations_webhookdelivery_change", args=[delivery.pk]),
        at=at,
    )


def _tell(*, reference: str, title: Said, text: Said, address: str, at: datetime) -> int:
    return notice_send(
        user_ids=administrator_ids(),
        kind=NoticeKind.OUTSIDE_STOPPED,
        reference=reference,
        day=moscow_date(at),
        title=title,
        text=text,
        address=address,
        at=at,
    )
