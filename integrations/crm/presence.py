"""Whether anybody outside listens at all: without that no work is made."""

from integrations.models import CrmAccount, WebhookEndpoint


def is_receiver_told() -> bool:
    """Whether there is a receiver of messages that is switched on; one query."""
    return WebhookEndpoint.objects.listening().exists()


def is_anybody_told() -> bool:
    """Whether there is a receiver of messages or a CRM that is switched on; one query."""
    receivers = WebhookEndpoint.objects.listening().values("pk")
    return receivers.union(CrmAccount.objects.filter(is_active=True).values("pk"), all=True).exists()
