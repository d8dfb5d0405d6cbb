"""Files, pasted tables and order blanks that people send to be recognised, and what became of each row."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City, Sku
from counterparties.models import Contract, LegalEntity
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor


class UploadSource(models.TextChoices):
    """How the rows came."""

    FILE = "file", _("файл")
    PASTE = "paste", _("вставленный текст")
    BLANK = "blank", _("бланк заказа")


class UploadState(models.TextChoices):
    """Where an upload stands."""

    WAITING = "waiting", _("ждёт разбора")
    READY = "ready", _("разобрана")
    FAILED = "failed", _("не прочитана")


class RowState(models.TextChoices):
    """The five tabs of the result; each row of the file is in one of them."""

    READY = "ready", _("Готово")
    CHOICE = "choice", _("Нужен выбор")
    SHORT = "short", _("Не хватает")
    FAULT = "fault", _("Ошибки")
    SKIPPED = "skipped", _("Пропущено")


class UploadQuerySet(models.QuerySet["Upload"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own uploads for the legal entities they may act for; a drafting manager's are apart."""
        return self.filter(
            user_id=actor.user_id,
            legal_entity__in=LegalEntity.objects.visible_to(actor),
            drafted_by=actor.drafts_as_id,
        )


class Upload(models.Model):
    """Загрузка: one file or pasted table, kept with its rows until `expires_at`.

    `layout` is how it was read and may be changed without sending it again: encoding, delimiter, sheet,
    header row and columns. `round` counts the readings: an answer to an older one changes nothing.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="order_uploads")
    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="+")
    contract = models.ForeignKey(Contract, on_delete=models.CASCADE, related_name="+")
    city = models.ForeignKey(City, on_delete=models.CASCADE, related_name="+")
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    source = models.CharField(_("откуда"), max_length=5, choices=UploadSource)
    original = models.ForeignKey(
        StoredFile, verbose_name=_("исходный файл"), on_delete=models.PROTECT, related_name="+"
    )
    file_name = models.CharField(_("имя файла"), max_length=255)
    state = models.CharField(_("состояние"), max_length=7, choices=UploadState, default=UploadState.WAITING)
    layout = models.JSONField(_("как прочитано"), default=dict, blank=True)
    fault = models.CharField(_("почему не прочитана"), max_length=500, blank=True)
    row_count = models.PositiveIntegerField(_("строк в файле"), default=0)
    rows_done = models.PositiveIntegerField(_("разобрано строк"), default=0)
    round = models.PositiveIntegerField(default=0)
    put_at = models.DateTimeField(_("положена в корзину"), null=True, blank=True)
    created_at = models.DateTimeField(_("загружена"))
    expires_at = models.DateTimeField(_("хранится до"))

    objects = UploadQuerySet.as_manager()

    class Meta:
        verbose_name = _("загрузка заказа")
        verbose_name_plural = _("загрузки заказов")
        indexes = [
            models.Index(fields=["user", "-created_at"], name="upload_newest"),
            models.Index(fields=["expires_at"], name="upload_expiry"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(fault=""), name="upload_failed_has_reason"
            ),
            models.CheckConstraint(condition=Q(state__in=UploadState.values), name="upload_state_known"),
            models.CheckConstraint(condition=Q(source__in=UploadSource.values), name="upload_source_known"),
        ]

    def __str__(self) -> str:
        return self.file_name


class UploadRow(models.Model):
    """A row of the file as it stands there, and what it was taken for.

    `quantity` is in base units of the good; `factor` is how many of them the row's unit holds.
    `candidates` are skus to choose from, the likeliest first.
    """

    upload = models.ForeignKey(Upload, on_delete=models.CASCADE, db_index=False, related_name="rows")
    position = models.PositiveIntegerField(_("строка файла"))
    cells = models.JSONField(_("как в файле"), default=list)
    state = models.CharField(_("итог"), max_length=7, choices=RowState)
    code = models.CharField(_("код"), max_length=300, blank=True)
    name = models.CharField(_("наименование"), max_length=500, blank=True)
    quantity_text = models.CharField(_("количество в файле"), max_length=100, blank=True)
    unit_text = models.CharField(_("единица в файле"), max_length=50, blank=True)
    found_by = models.CharField(_("найдено по"), max_length=10, blank=True)
    sku = models.ForeignKey(Sku, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3, null=True, blank=True)
    factor = models.DecimalField(_("в единице файла"), max_digits=15, decimal_places=3, default=1)
    price_then = models.DecimalField(
        _("цена в бланке"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    candidates = models.JSONField(_("варианты"), default=list, blank=True)
    message = models.CharField(_("сообщение"), max_length=500, blank=True)
    is_settled = models.BooleanField(_("решено человеком"), default=False)

    class Meta:
        verbose_name = _("строка загрузки")
        verbose_name_plural = _("строки загрузки")
        constraints = [
            models.UniqueConstraint(fields=["upload", "position"], name="upload_row_unique"),
            models.CheckConstraint(condition=Q(state__in=RowState.values), name="upload_row_state_known"),
            models.CheckConstraint(
                condition=~Q(state="ready") | Q(sku__isnull=False, quantity__gt=0),
                name="upload_row_ready_is_whole",
            ),
            models.CheckConstraint(condition=Q(factor__gt=0), name="upload_row_factor_positive"),
        ]

    def __str__(self) -> str:
        return f"{self.position}"
