"""Letters about the exchange to the administrators."""

from collections.abc import Collection, Sequence

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from integrations.models import ExchangeNode, ExportState, OrderExport
from portal.lib.mail import mail_send

_MOST = 20


def unconfirmed_mail(*, node_id: int, numbers: Sequence[str], key: str) -> int:
    """Tell that a base does not confirm its orders; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    what = (
        f"База «{node.name}» уже второй раз забрала заказы и не подтвердила, что загрузила их: "
        f"{_listed(numbers)}."
    )
    why = (
        "Скорее всего, один из заказов 1С загрузить не может и отменяет загрузку всех. Причина видна "
        "в журнале обмена в 1С. Если следующий обмен тоже не удастся, портал станет отдавать заказы "
        "по одному, чтобы остальные прошли."
    )
    return _send(key, f"1С «{node.name}» не подтверждает заказы", [what, why])


def quarantined_mail(*, export_ids: Collection[int], key: str) -> int:
    """Tell which orders go out no more, and why; return the addresses."""
    exports = OrderExport.objects.filter(pk__in=export_ids, state=ExportState.QUARANTINED)
    rows = list(exports.select_related("part").order_by("pk")[:_MOST])
    if not rows:
        return 0
    told = [f"{export.part.number}: {export.error}" for export in rows]
    return _send(key, "Заказы не выгружаются в 1С", ["Портал отложил заказы, остальные идут дальше.", *told])


def _send(key: str, subject: str, paragraphs: Sequence[str]) -> int:
    administrators = User.objects.filter(is_superuser=True, is_active=True).exclude(email="")
    addresses = list(administrators.order_by("pk").values_list("email", flat=True))
    for number, address in enumerate(addresses):
        mail_send(
            key=f"{key}:{number}",
            to=[address],
            subject=subject,
            template="mail/notice",
            context={
                "paragraphs": paragraphs,
                "action": "Выгрузка заказов",
                "address": settings.SITE_URL + reverse("admin:integrations_orderexport_changelist"),
            },
        )
    return len(addresses)


def _listed(numbers: Sequence[str]) -> str:
    rest = len(numbers) - _MOST
    return ", ".join(numbers[:_MOST]) + (f" и ещё {rest}" if rest > 0 else "")
