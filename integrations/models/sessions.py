"""Conversations with 1C and the files that came in them."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _

from integrations.models.nodes import ExchangeNode
from portal.outbox.models import Job


class SessionKind(models.TextChoices):
    CATALOG = "catalog", _("Товары")
    SALE = "sale", _("Заказы")


class ExchangeSession(models.Model):
    """One conversation: from checkauth until the client goes away."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    node = models.ForeignKey(ExchangeNode, models.CASCADE, related_name="sessions", verbose_name=_("база 1С"))
    kind = models.CharField(_("что"), max_length=10, choices=SessionKind)
    ip = models.GenericIPAddressField(_("адрес"), null=True)
    # HMAC of the name and password given at the sign-in: later requests are compared with it.
    credential = models.CharField(max_length=64, default="", editable=False)
    started_at = models.DateTimeField(_("начат"))
    seen_at = models.DateTimeField(_("последний запрос"))
    is_tidied = models.BooleanField(_("файлы удалены"), default=False)
    is_manual = models.BooleanField(
        _("загружено с портала"), default=False, db_default=False, help_text=_("Повтор или команда, не 1С.")
    )

    class Meta:
        verbose_name = _("сеанс обмена")
        verbose_name_plural = _("сеансы обмена")

    def __str__(self) -> str:
        return f"{self.node} {localtime(self.started_at):%d.%m.%Y %H:%M:%S}"


class FileState(models.TextChoices):
    RECEIVING = "receiving", _("Принимается")
    IMPORTING = "importing", _("Загружается")
    DONE = "done", _("Загружен")
    FAILED = "failed", _("Ошибка")
    HELD = "held", _("Ждет решения")
    REJECTED = "rejected", _("Отклонен")


class ExchangeFile(models.Model):
    """A file of a session and what became of it: the journal that 1C's operator cannot see."""

    session = models.ForeignKey(
        ExchangeSession, models.CASCADE, related_name="files", db_index=False, verbose_name=_("сеанс")
    )
    name = models.CharField(_("файл"), max_length=300)
    size = models.BigIntegerField(_("байт"), default=0)
    is_closed = models.BooleanField(default=False)
    sha256 = models.CharField("SHA-256", max_length=64, blank=True)
    state = models.CharField(_("состояние"), max_length=10, choices=FileState, default=FileState.RECEIVING)
    job = models.ForeignKey(Job, models.SET_NULL, null=True, related_name="+", verbose_name=_("задание"))
    message = models.TextField(_("сообщение"), blank=True)
    report = models.JSONField(_("отчет"), default=dict)
    received_at = models.DateTimeField(_("получен"))
    finished_at = models.DateTimeField(_("обработан"), null=True)
    is_kept = models.BooleanField(_("есть копия"), default=False, db_default=False)
    is_approved = models.BooleanField(_("применен администратором"), default=False, db_default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто решил"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    replay_of = models.ForeignKey(
        "self", verbose_name=_("повтор файла"), on_delete=models.SET_NULL, null=True, related_name="+"
    )
    trial = models.JSONField(_("пробная загрузка"), default=dict)

    class Meta:
        verbose_name = _("файл обмена")
        verbose_name_plural = _("файлы обмена")
        permissions = [("download_exchangefile", "Может скачивать файлы обмена")]
        constraints = [models.UniqueConstraint(fields=["session", "name"], name="exchange_file_unique")]
        indexes = [
            models.Index(F("session"), Lower("name"), name="exchange_file_any_case"),
            models.Index(F("finished_at"), condition=Q(is_kept=False), name="exchange_file_to_keep"),
        ]

    def __str__(self) -> str:
        return self.name
