"""What a person may be told of, and what of it goes by mail unless they say otherwise."""

from dataclasses import dataclass

from django.db import models
from django.utils.translation import gettext_lazy as _

from portal.lib.said import Said


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
    PRICE_MET = "price_met", _("Новая цена товара, за которым вы следите")
    LIST_NEWS = "list_news", _("Новое в списке, за которым вы следите")
    PRICE_LIST = "price_list", _("Прайс-лист по расписанию")
    PAPERS_OWED = "papers_owed", _("Ждём подписанные документы")
    ORIGINALS_OWED = "originals_owed", _("Нет документов по отгрузкам")
    EDO_RETURNED = "edo_returned", _("Документ ЭДО отклонён или требует уточнения")
    PAPER_STUCK = "paper_stuck", _("Документ не выписан")
    PAYMENT_DOUBTFUL = "payment_doubtful", _("Онлайн-платёж требует проверки")
    CREDIT_OVERRIDE = "credit_override", _("Дано разрешение сверх лимита")
    ACT_READY = "act_ready", _("Акт сверки готов")
    ACT_REPLIED = "act_replied", _("Ответ поставщика по акту сверки")
    ACT_ANSWERED = "act_answered", _("Ответ клиента по акту сверки")
    ACT_STALE = "act_stale", _("Данные акта сверки изменились")
    QUOTE_ASKED = "quote_asked", _("Клиент просит цену")
    QUOTE_OFFERED = "quote_offered", _("Ответ на запрос цен")
    QUOTE_EXPIRES = "quote_expires", _("Срок предложения подходит к концу")
    QUOTE_DECIDED = "quote_decided", _("Решение клиента по предложению")
    CLAIM_FILED = "claim_filed", _("Новая рекламация клиента")
    CLAIM_MOVED = "claim_moved", _("Решение по рекламации")
    FILE_DAMAGED = "file_damaged", _("Файл в хранилище поврежден")
    OUTSIDE_STOPPED = "outside_stopped", _("CRM или получатель вебхуков не принимает")
    MESSAGE = "message", _("Новое сообщение от менеджера")
    MESSAGE_WAITS = "message_waits", _("Новое сообщение клиента")


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
        NoticeKind.PAPER_STUCK,
        NoticeKind.ACT_ANSWERED,
        NoticeKind.ACT_STALE,
        NoticeKind.QUOTE_ASKED,
        NoticeKind.QUOTE_DECIDED,
        NoticeKind.CLAIM_FILED,
        NoticeKind.FILE_DAMAGED,
        NoticeKind.OUTSIDE_STOPPED,
        NoticeKind.MESSAGE_WAITS,
    }
)
"""Told to the distributor's employees only; clients do not choose of them."""

MAILED_KINDS = frozenset(set(NoticeKind) - {NoticeKind.DEBT_APPEARED, NoticeKind.LIMIT_NEAR})
"""What goes by mail, too, where neither the person nor an administrator has said otherwise."""

URGENT_KINDS = frozenset({NoticeKind.LIMIT_USED, NoticeKind.BLOCKED})
"""Letters of these wait for no digest, no end of quiet hours and no return from a holiday."""

FILE_KINDS = frozenset({NoticeKind.PRICE_LIST})
"""Letters that carry a file: a digest has no place for it."""

IMPORTANT_KINDS = frozenset(
    {
        NoticeKind.DUE_TODAY,
        NoticeKind.OVERDUE,
        NoticeKind.LIMIT_USED,
        NoticeKind.BLOCKED,
        NoticeKind.SHIPMENT,
        NoticeKind.CONTRACT,
        NoticeKind.CONTRACT_ENDS,
        NoticeKind.PAYMENT_DOUBTFUL,
        NoticeKind.EDO_RETURNED,
        NoticeKind.PAPER_STUCK,
        NoticeKind.FILE_DAMAGED,
        NoticeKind.OUTSIDE_STOPPED,
        NoticeKind.MESSAGE,
        NoticeKind.MESSAGE_WAITS,
    }
)
"""What a person who wants to hear of important things only hears of at once."""


class Channel(models.TextChoices):
    """How far a notice goes beyond the inbox, where it always is."""

    MAIL = "mail", _("Письмом сразу")
    DIGEST = "digest", _("В сводке")
    INBOX = "inbox", _("Только на портале")


class Preset(models.TextChoices):
    """Ready choices for all kinds at once."""

    ALL = "all", _("Всё письмом")
    IMPORTANT = "important", _("Только важное")
    NOTHING = "nothing", _("Ничего")


class Subject(models.TextChoices):
    """What kinds are gathered under in the settings, the filter and the digest."""

    ORDERS = "orders", _("Заказы и отгрузки")
    MONEY = "money", _("Деньги")
    PAPERS = "papers", _("Документы и договоры")
    TALK = "talk", _("Переписка")
    GOODS = "goods", _("Товары и цены")
    WORK = "work", _("Работа портала")


_SUBJECTS: dict[Subject, frozenset[NoticeKind]] = {
    Subject.MONEY: frozenset(
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
            NoticeKind.PAYMENT_DOUBTFUL,
            NoticeKind.CREDIT_OVERRIDE,
        }
    ),
    Subject.PAPERS: frozenset(
        {
            NoticeKind.CONTRACT,
            NoticeKind.CONTRACT_ENDS,
            NoticeKind.CONTRACT_WAITS,
            NoticeKind.PAPERS_OWED,
            NoticeKind.ORIGINALS_OWED,
            NoticeKind.EDO_RETURNED,
            NoticeKind.PAPER_STUCK,
            NoticeKind.ACT_READY,
            NoticeKind.ACT_REPLIED,
            NoticeKind.ACT_ANSWERED,
            NoticeKind.ACT_STALE,
        }
    ),
    Subject.TALK: frozenset({NoticeKind.MESSAGE, NoticeKind.MESSAGE_WAITS}),
    Subject.GOODS: frozenset(
        {NoticeKind.GOODS_ARRIVED, NoticeKind.PRICE_MET, NoticeKind.LIST_NEWS, NoticeKind.PRICE_LIST}
    ),
    Subject.WORK: frozenset({NoticeKind.FILE_DAMAGED, NoticeKind.OUTSIDE_STOPPED}),
}


def subject_of(kind: NoticeKind) -> Subject:
    """Under which heading a kind stands: orders where it is named under no other."""
    return next((subject for subject, kinds in _SUBJECTS.items() if kind in kinds), Subject.ORDERS)


def channels_of(kind: NoticeKind) -> list[Channel]:
    """What may be chosen for a kind."""
    has_no_digest = kind in URGENT_KINDS or kind in FILE_KINDS
    return [channel for channel in Channel if not (has_no_digest and channel is Channel.DIGEST)]


def channel_at_first(kind: NoticeKind) -> Channel:
    """How far a kind goes where nobody has said anything."""
    return Channel.MAIL if kind in MAILED_KINDS else Channel.INBOX


def preset_channel(preset: Preset, kind: NoticeKind) -> Channel:
    """What a ready choice says of a kind."""
    is_mailed = preset is Preset.ALL or (preset is Preset.IMPORTANT and kind in IMPORTANT_KINDS)
    return Channel.MAIL if is_mailed else Channel.INBOX


OWN_LETTER_KINDS = frozenset({NoticeKind.MESSAGE, NoticeKind.MESSAGE_WAITS})
"""Told by a letter of their own, which may be answered: no letter of notices goes beside it."""


@dataclass(frozen=True, slots=True)
class NoticeFacts:
    """One thing to tell to some people; `reference` names the thing, `address` is a path of the portal.

    A text that is the same in every language is words of people.
    """

    user_ids: tuple[int, ...]
    kind: NoticeKind
    reference: str
    title: Said
    text: Said | str = ""
    address: str = ""
