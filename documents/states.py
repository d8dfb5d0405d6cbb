"""Kinds of business documents and how an issued one may stand."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class DocumentKind(models.TextChoices):
    """What a paper that the portal issues is."""

    INVOICE = "invoice", _("Счет на оплату")
    FACTURA = "factura", _("Счет-фактура")
    UPD = "upd", _("УПД")
    CORRECTION = "correction", _("УКД")
    WAYBILL = "waybill", _("Товарная накладная")
    ACT = "act", _("Акт сверки")
    SHIPPING = "shipping", _("Заявка на отгрузку")
    PROXY = "proxy", _("Доверенность")


FIRST_DOCUMENTS = frozenset(
    {DocumentKind.FACTURA, DocumentKind.UPD, DocumentKind.CORRECTION, DocumentKind.WAYBILL}
)
"""Papers of tax and books: no picture of a stamp or a signature is printed on them."""


XML_KINDS = frozenset({DocumentKind.UPD, DocumentKind.FACTURA, DocumentKind.ACT})
"""Papers of ours that have an exchange format. Of УКД the format in force is not known to the portal."""


class DocumentState(models.TextChoices):
    """How an issued paper stands; it is never changed or deleted. The last three end it."""

    ISSUED = "issued", _("Действует")
    SENT = "sent", _("Отправлен")
    DELIVERED = "delivered", _("Доставлен")
    SIGNED = "signed", _("Подписан")
    CANCELLED = "cancelled", _("Отменен")
    REPLACED = "replaced", _("Заменен")
    CORRECTED = "corrected", _("Исправлен")


IN_FORCE = (DocumentState.ISSUED, DocumentState.SENT, DocumentState.DELIVERED, DocumentState.SIGNED)
_ENDS = frozenset({DocumentState.CANCELLED, DocumentState.REPLACED, DocumentState.CORRECTED})
STEPS: dict[DocumentState, frozenset[DocumentState]] = {
    DocumentState.ISSUED: _ENDS | {DocumentState.SENT, DocumentState.DELIVERED, DocumentState.SIGNED},
    DocumentState.SENT: _ENDS | {DocumentState.DELIVERED, DocumentState.SIGNED},
    DocumentState.DELIVERED: _ENDS | {DocumentState.SIGNED},
    DocumentState.SIGNED: _ENDS | {DocumentState.ISSUED},
}
"""Where a paper may go from where it stands; what is not named here is an end.

A signed one goes back to the first state when the copy that signed it is returned.
"""


class FileRole(models.TextChoices):
    """What a file beside the printed page is."""

    XML = "xml", _("XML")
    XLSX = "xlsx", _("Excel")
    SIGNATURE = "signature", _("Подпись")
    PROTOCOL = "protocol", _("Протокол оператора")
    SIGNED_SCAN = "signed_scan", _("Скан подписанного")
    PRINT = "print", _("Печать с отметкой оператора ЭДО")


class SeriesIssuer(models.TextChoices):
    """Who numbers papers of a series; never both."""

    ERP = "erp", _("1С")
    PORTAL = "portal", _("Портал")


class TaskState(models.TextChoices):
    """Where a paper or an archive that somebody waits for stands."""

    QUEUED = "queued", _("готовится")
    READY = "ready", _("готов")
    FAILED = "failed", _("не получился")


class EdoStatus(models.TextChoices):
    """What an operator says of a message."""

    DRAFT = "draft", _("Черновик")
    SENT = "sent", _("Отправлен")
    RECEIVED_BY_OPERATOR = "received", _("Принят оператором")
    DELIVERED = "delivered", _("Доставлен")
    SIGNED = "signed", _("Подписан")
    REJECTED = "rejected", _("Отклонен")
    CORRECTION_REQUESTED = "correction", _("Запрошено уточнение")
    REVOCATION_REQUESTED = "revoking", _("Запрошено аннулирование")
    REVOKED = "revoked", _("Аннулирован")


_EDO_ANSWERS = frozenset(
    {
        EdoStatus.SIGNED,
        EdoStatus.REJECTED,
        EdoStatus.CORRECTION_REQUESTED,
        EdoStatus.REVOCATION_REQUESTED,
        EdoStatus.REVOKED,
    }
)
EDO_STEPS: dict[EdoStatus, frozenset[EdoStatus]] = {
    EdoStatus.DRAFT: _EDO_ANSWERS | {EdoStatus.SENT, EdoStatus.RECEIVED_BY_OPERATOR, EdoStatus.DELIVERED},
    EdoStatus.SENT: _EDO_ANSWERS | {EdoStatus.RECEIVED_BY_OPERATOR, EdoStatus.DELIVERED},
    EdoStatus.RECEIVED_BY_OPERATOR: _EDO_ANSWERS | {EdoStatus.DELIVERED},
    EdoStatus.DELIVERED: _EDO_ANSWERS,
    EdoStatus.CORRECTION_REQUESTED: _EDO_ANSWERS - {EdoStatus.CORRECTION_REQUESTED},
    EdoStatus.SIGNED: frozenset({EdoStatus.REVOCATION_REQUESTED, EdoStatus.REVOKED}),
    EdoStatus.REVOCATION_REQUESTED: frozenset({EdoStatus.SIGNED, EdoStatus.REVOKED}),
}
"""Which word of an operator is news after which; any other, late or repeated, changes nothing.

A revocation that the other side refuses leaves the paper signed.
"""
EDO_OPEN = (
    EdoStatus.SENT,
    EdoStatus.RECEIVED_BY_OPERATOR,
    EdoStatus.DELIVERED,
    EdoStatus.CORRECTION_REQUESTED,
    EdoStatus.REVOCATION_REQUESTED,
    EdoStatus.SIGNED,
)
"""Messages of which an operator may still have something to say."""
EDO_FAILED = (EdoStatus.REJECTED, EdoStatus.REVOKED)
EDO_RETURNED = (
    EdoStatus.REJECTED,
    EdoStatus.CORRECTION_REQUESTED,
    EdoStatus.REVOCATION_REQUESTED,
    EdoStatus.REVOKED,
)
"""What a manager has to do something about."""


class ActState(models.TextChoices):
    """How an акт сверки stands."""

    REQUESTED = "requested", _("Готовится")
    FAILED = "failed", _("Не получился")
    GENERATED = "generated", _("Сформирован")
    SENT = "sent", _("Отправлен клиенту")
    CONFIRMED = "confirmed", _("Согласован")
    DISPUTED = "disputed", _("Есть расхождения")
    SIGNED = "signed", _("Подписан")


class ActSource(models.TextChoices):
    """Whose books an act is made of."""

    PORTAL = "portal", _("Портал")
    ERP = "erp", _("1С")


class Verdict(models.TextChoices):
    """How an operation of the client's own act stands against ours."""

    MATCHED = "matched", _("Совпадает")
    SUM_DIFFERS = "sum", _("Другая сумма")
    DATE_DIFFERS = "date", _("Другая дата")
    ONLY_OURS = "ours", _("Только у нас")
    ONLY_THEIRS = "theirs", _("Только у вас")


class VersionState(models.TextChoices):
    """How a version of a contract's text stands."""

    DRAFT = "draft", _("Черновик")
    ON_APPROVAL = "on_approval", _("На согласовании у нас")
    SENT = "sent", _("Отправлен клиенту")
    UPLOADED = "uploaded", _("Клиент прислал скан")
    ON_REVIEW = "on_review", _("Проверяется")
    REJECTED = "rejected", _("Возвращен клиенту")
    ACTIVE = "active", _("Действует")
    SUPERSEDED = "superseded", _("Заменен новой версией")
    WITHDRAWN = "withdrawn", _("Отозван")


VERSION_STEPS: dict[VersionState, frozenset[VersionState]] = {
    VersionState.DRAFT: frozenset({VersionState.ON_APPROVAL, VersionState.SENT, VersionState.WITHDRAWN}),
    VersionState.ON_APPROVAL: frozenset({VersionState.DRAFT, VersionState.SENT, VersionState.WITHDRAWN}),
    VersionState.SENT: frozenset({VersionState.UPLOADED, VersionState.ACTIVE, VersionState.WITHDRAWN}),
    VersionState.UPLOADED: frozenset(
        {VersionState.ON_REVIEW, VersionState.REJECTED, VersionState.ACTIVE, VersionState.WITHDRAWN}
    ),
    VersionState.ON_REVIEW: frozenset({VersionState.REJECTED, VersionState.ACTIVE, VersionState.WITHDRAWN}),
    VersionState.REJECTED: frozenset({VersionState.UPLOADED, VersionState.ACTIVE, VersionState.WITHDRAWN}),
    VersionState.ACTIVE: frozenset({VersionState.SUPERSEDED}),
}


OPEN_VERSIONS = frozenset(VERSION_STEPS) - {VersionState.ACTIVE}
"""On the way to both signatures; a contract has one of them at a time."""


class ContractFileRole(models.TextChoices):
    """What a file of a contract's version is."""

    DRAFT = "draft", _("Текст")
    OUR_SIGNED = "our_signed", _("Подписан нами")
    CLIENT_SCAN = "client_scan", _("Скан клиента")
    BOTH_SIGNED = "both_signed", _("Подписан обеими сторонами")


class ReceivedKind(models.TextChoices):
    """What a paper of 1C is."""

    INVOICE = "invoice", _("Счет на оплату")
    SHIPMENT = "shipment", _("Накладная")
    UPD = "upd", _("УПД")
    CORRECTION = "correction", _("Корректировка")
    RETURN = "return", _("Возврат")
    ACT = "act", _("Акт сверки")
    CONTRACT = "contract", _("Договор")
    FACTURA = "factura", _("Счет-фактура")
    TRANSPORT = "transport", _("Транспортная накладная")
    CERTIFICATE = "certificate", _("Сертификат")


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
