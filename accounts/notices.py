"""What a person may be told of, and what of it goes by mail unless they say otherwise."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _


class NoticeKind(models.TextChoices):
    """The subject of a notice; a new one needs no migration."""

    DEBT_APPEARED = "debt_appeared", _("Появился долг")
    DUE_SOON = "due_soon", _("До срока оплаты 3 дня")
    DUE_TODAY = "due_today", _("Срок оплаты сегодня")
    OVERDUE = "overdue", _("Оплата просрочена")
    LIMIT_NEAR = "limit_near", _("Кредитный лимит на исходе")
    LIMIT_USED = "limit_used", _("Кредитный лимит исчерпан")
    BLOCKED = "blocked", _("Заказы в кредит остановлены")
    RELEASED = "released", _("Заказы в кредит снова принимаются")
    PAID_ONLINE = "paid_online", _("Онлайн-платёж прошёл или отменён")
    ORDER_STATE = "order_state", _("Заказ перешёл в другое состояние")
    SHIPMENT = "shipment", _("Товар отгружен")
    SCHEDULE = "schedule", _("Заказ по расписанию")
    CONTRACT = "contract", _("Договор на подпись, возвращён или принят")
    CONTRACT_ENDS = "contract_ends", _("Срок договора подходит к концу")
    CONTRACT_WAITS = "contract_waits", _("Скан договора ждёт проверки")
    GOODS_ARRIVED = "goods_arrived", _("Поступил товар, который вы ждали")
    PRICE_LIST = "price_list", _("Прайс-лист по расписанию")
    PAPERS_OWED = "papers_owed", _("Ждём подписанные документы")
    ORIGINALS_OWED = "originals_owed", _("Нет документов по отгрузкам")
    EDO_RETURNED = "edo_returned", _("Документ ЭДО отклонён или требует уточнения")
    PAYMENT_DOUBTFUL = "payment_doubtful", _("Онлайн-платёж требует проверки")
    CREDIT_OVERRIDE = "credit_override", _("Дано разрешение сверх лимита")
    ACT_READY = "act_ready", _("Акт сверки готов")
    ACT_REPLIED = "act_replied", _("Ответ поставщика по акту сверки")
    ACT_ANSWERED = "act_answered", _("Ответ клиента по акту сверки")
    ACT_STALE = "act_stale", _("Данные акта сверки изменились")
    FILE_DAMAGED = "file_damaged", _("Файл в хранилище поврежден")


MONEY_KINDS = frozenset(
    {
        NoticeKind.DEBT_APPEARED,
        NoticeKind.DUE_SOON,
        NoticeKind.DUE_TODAY,
        NoticeKind.OVERDUE,
        NoticeKind.LIMIT_NEAR,
        NoticeKind.LIMIT_USED,
        NoticeKind.BLOCKED,
        NoticeKind.RELEASED,
        NoticeKind.PAID_ONLINE,
        NoticeKind.ACT_READY,
        NoticeKind.ACT_REPLIED,
    }
)
"""Told to people who see the money of the legal entity; the others to those who see the order."""

STAFF_KINDS = frozenset(
    {
        NoticeKind.PAYMENT_DOUBTFUL,
        NoticeKind.CREDIT_OVERRIDE,
        NoticeKind.CONTRACT_WAITS,
        NoticeKind.ORIGINALS_OWED,
        NoticeKind.EDO_RETURNED,
        NoticeKind.ACT_ANSWERED,
        NoticeKind.ACT_STALE,
        NoticeKind.FILE_DAMAGED,
    }
)
"""Told to the distributor's employees only; clients do not choose of them."""

MAILED_KINDS = frozenset(set(NoticeKind) - {NoticeKind.DEBT_APPEARED, NoticeKind.LIMIT_NEAR})
"""What goes by mail, too, where the person has not said otherwise."""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One thing to tell to some people; `reference` names the thing, `address` is a path of the portal."""

    user_ids: tuple[int, ...]
    kind: NoticeKind
    reference: str
    title: str
    text: str = ""
    address: str = ""
