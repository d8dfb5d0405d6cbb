"""Kinds of ledger entries, states of credit lines, blocks and payments."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class LedgerKind(models.TextChoices):
    """What an entry stands for; see `DEBIT_KINDS` for its side."""

    OPENING = "opening", _("Начальный остаток")
    SHIPMENT = "shipment", _("Отгрузка")
    CORR_UP = "corr_up", _("Корректировка в плюс")
    CORR_DOWN = "corr_down", _("Корректировка в минус")
    RETURN = "return", _("Возврат товара")
    PAYMENT = "payment", _("Оплата")
    REFUND = "refund", _("Возврат денег")
    OFFSET = "offset", _("Взаимозачет")
    TRANSFER = "transfer", _("Перенос между договорами")
    BONUS = "bonus", _("Бонус")
    PENALTY = "penalty", _("Неустойка")
    WRITE_OFF = "write_off", _("Списание долга")


DEBIT_KINDS = frozenset({LedgerKind.SHIPMENT, LedgerKind.CORR_UP, LedgerKind.REFUND, LedgerKind.PENALTY})
CREDIT_KINDS = frozenset(
    {LedgerKind.CORR_DOWN, LedgerKind.RETURN, LedgerKind.PAYMENT, LedgerKind.BONUS, LedgerKind.WRITE_OFF}
)
"""Kinds that only ever stand on one side; a reversal of one stands on the other."""


class LedgerSource(models.TextChoices):
    """Who told of an entry."""

    ERP = "erp", _("1С")
    PORTAL = "portal", _("Портал")
    MANUAL = "manual", _("Вручную")


class CreditMode(models.TextChoices):
    """What a line that does not let through stops."""

    WARN = "warn", _("Предупреждать")
    BLOCK_NEW = "block_new", _("Не принимать новые заказы в кредит")
    BLOCK_SHIPMENTS = "block_shipments", _("Не принимать заказы и не отгружать")


class CreditLineState(models.TextChoices):
    """Whether a line works."""

    ACTIVE = "active", _("Действует")
    SUSPENDED = "suspended", _("Приостановлена")


class CreditStatus(models.TextChoices):
    """How a line stands, the worst first."""

    SUSPENDED = "suspended", _("Приостановлена")
    EXPIRED = "expired", _("Срок истек")
    OVERDUE = "overdue_blocked", _("Просрочка")
    EXCEEDED = "limit_exceeded", _("Лимит превышен")
    WARNING = "warning", _("На исходе")
    OK = "ok", _("В порядке")


STOPPED = (CreditStatus.SUSPENDED, CreditStatus.EXPIRED, CreditStatus.OVERDUE, CreditStatus.EXCEEDED)
"""A line that stands so lets nothing new through, the worst first."""


class BlockCondition(models.TextChoices):
    """What a block rule looks at."""

    OVERDUE_SUM = "overdue_sum", _("Просрочено больше, ₽")
    OVERDUE_DAYS = "overdue_days", _("Просрочено дольше, дней")
    LIMIT = "limit", _("Лимит превышен")
    STALE = "stale", _("Нет свежих данных 1С дольше, часов")


class BlockAction(models.TextChoices):
    """What a block rule does, the mildest first."""

    WARN = "warn", _("Предупредить")
    PREPAYMENT = "prepayment", _("Только предоплата")
    HOLD = "hold", _("Задержать до решения менеджера")
    BLOCK = "block", _("Не принимать заказ")


class PaymentTerms(models.TextChoices):
    """When an order is paid for."""

    PREPAID = "prepaid", _("Предоплата")
    CREDIT = "credit", _("Отсрочка")


class OnlineState(models.TextChoices):
    """Where an online payment stands; the provider's words."""

    CREATED = "created", _("Создается")
    PENDING = "pending", _("Ждет оплаты")
    WAITING = "waiting_for_capture", _("Ждет подтверждения банка")
    SUCCEEDED = "succeeded", _("Оплачен")
    CANCELED = "canceled", _("Отменен")


ONLINE_TRANSITIONS: dict[str, frozenset[OnlineState]] = {
    OnlineState.CREATED: frozenset(
        {OnlineState.PENDING, OnlineState.WAITING, OnlineState.SUCCEEDED, OnlineState.CANCELED}
    ),
    OnlineState.PENDING: frozenset({OnlineState.WAITING, OnlineState.SUCCEEDED, OnlineState.CANCELED}),
    OnlineState.WAITING: frozenset({OnlineState.SUCCEEDED, OnlineState.CANCELED}),
    OnlineState.SUCCEEDED: frozenset(),
    OnlineState.CANCELED: frozenset(),
}
