"""Kinds of business documents and how an issued one may stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a paper is."""

    INVOICE = "invoice", _("Счет на оплату")


class DocumentState(models.TextChoices):
    """An issued paper is in force until it is cancelled; it is never changed or deleted."""

    ISSUED = "issued", _("Действует")
    CANCELLED = "cancelled", _("Отменен")


class ReceivedKind(models.TextChoices):
    """What a paper of 1C is."""

    INVOICE = "invoice", _("Счет на оплату")
    SHIPMENT = "shipment", _("Накладная")
    UPD = "upd", _("УПД")
    CORRECTION = "correction", _("Корректировка")
    RETURN = "return", _("Возврат")
    ACT = "act", _("Акт сверки")
    CONTRACT = "contract", _("Договор")


class ListFormat(models.TextChoices):
    """What a price list is made as."""

    XLSX = "xlsx", _("Excel, он же бланк заказа")
    PDF = "pdf", _("PDF для печати")
    CSV = "csv", _("CSV для учётной системы")


class ListFileState(models.TextChoices):
    """Where the making of a price list stands."""

    QUEUED = "queued", _("готовится")
    READY = "ready", _("готов")
    FAILED = "failed", _("не получился")
