"""Letters about the exchange to the administrators."""

from collections.abc import Collection, Sequence
from datetime import datetime

from django.conf import settings
from django.urls import reverse

from accounts.models import User
from integrations.models import ExchangeNode, ExportState, OrderExport, PushStream, StreamKind
from integrations.reports.freshness import stream_rows
from portal.lib.dates import format_moment
from portal.lib.mail import mail_send

_MOST = 20
_EXPORTS = ("Выгрузка заказов", "admin:integrations_orderexport_changelist")
_STREAMS = ("Потоки обмена", "admin:integrations_exchangestream_changelist")


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
    return _send(key, f"1С «{node.name}» не подтверждает заказы", [what, why], leads_to=_EXPORTS)


def quarantined_mail(*, export_ids: Collection[int], key: str) -> int:
    """Tell which orders go out no more, and why; return the addresses."""
    exports = OrderExport.objects.filter(pk__in=export_ids, state=ExportState.QUARANTINED)
    rows = list(exports.select_related("part").order_by("pk")[:_MOST])
    if not rows:
        return 0
    told = [f"{export.part.number}: {export.error}" for export in rows]
    what = "Портал отложил заказы, остальные идут дальше."
    return _send(key, "Заказы не выгружаются в 1С", [what, *told], leads_to=_EXPORTS)


def streams_late_mail(*, node_id: int, kinds: Collection[str], at: datetime, key: str) -> int:
    """Tell what of a base is late and since when; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    rows = [row for row in stream_rows(at=at) if row.node == node and row.kind in kinds and row.last_at]
    told = [
        f"{row.name}: последний раз {format_moment(row.last_at)}, допустимый перерыв {row.allowed_text}."
        for row in rows
        if row.last_at
    ]
    why = (
        "Покупатели видят, на какое время цены, остатки и долги. Проверьте расписание обмена в 1С "
        "и её журнал. Когда данные придут, будет ещё одно письмо."
    )
    return _send(key, f"1С «{node.name}» опаздывает: {_kinds(kinds)}", [*told, why], leads_to=_STREAMS)


def streams_back_mail(*, node_id: int, kinds: Collection[str], key: str) -> int:
    """Tell that what was late has come; return the addresses."""
    node = ExchangeNode.objects.get(pk=node_id)
    what = f"База «{node.name}» снова обменивается с порталом: {_kinds(kinds)}."
    return _send(key, f"1С «{node.name}»: обмен восстановился", [what], leads_to=_STREAMS)


def _kinds(kinds: Collection[str]) -> str:
    return ", ".join(str(kind.label).lower() for kind in (*StreamKind, *PushStream) if kind in kinds)


def _send(key: str, subject: str, paragraphs: Sequence[str], *, leads_to: tuple[str, str]) -> int:
    action, url_name = leads_to
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
                "action": action,
                "address": settings.SITE_URL + reverse(url_name),
            },
        )
    return len(addresses)


def _listed(numbers: Sequence[str]) -> str:
    rest = len(numbers) - _MOST
    return ", ".join(numbers[:_MOST]) + (f" и ещё {rest}" if rest > 0 else "")
