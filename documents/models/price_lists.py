"""Price lists that people have set up, the files that were made of them, and who fetched those."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import City
from counterparties.models import Contract, Holding, LegalEntity
from documents.states import ListFileState, ListFormat
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor

WEEKDAYS = (
    (0, _("понедельник")),
    (1, _("вторник")),
    (2, _("среда")),
    (3, _("четверг")),
    (4, _("пятница")),
    (5, _("суббота")),
    (6, _("воскресенье")),
)


class PriceListProfileQuerySet(models.QuerySet["PriceListProfile"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A person's own, for the legal entities they may act for: prices of a firm are its people's."""
        return self.filter(user_id=actor.user_id, legal_entity__in=LegalEntity.objects.visible_to(actor))


class PriceListProfile(models.Model):
    """What a person wants in a price list, for which firm, contract and city.

    `options` are those of documents.price_lists.options; by `weekday` (0 is Monday) and `hour` of Moscow
    it goes out by mail. Of the link for the client's own system only a hash is kept.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("чей"), on_delete=models.CASCADE, related_name="price_lists"
    )
    holding = models.ForeignKey(Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="+")
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.CASCADE, related_name="price_lists"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.CASCADE, related_name="+"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.CASCADE, related_name="+")
    name = models.CharField(_("название"), max_length=100)
    options = models.JSONField(_("состав"), default=dict)
    weekday = models.PositiveSmallIntegerField(_("день недели"), choices=WEEKDAYS, null=True, blank=True)
    hour = models.PositiveSmallIntegerField(_("час (МСК)"), null=True, blank=True)
    link_hash = models.CharField(max_length=64, blank=True, editable=False)
    link_made_at = models.DateTimeField(_("ссылка выдана"), null=True, blank=True)
    created_at = models.DateTimeField(_("создан"))
    updated_at = models.DateTimeField(_("изменён"))

    objects = PriceListProfileQuerySet.as_manager()

    class Meta:
        verbose_name = _("прайс-лист")
        verbose_name_plural = _("прайс-листы")
        indexes = [models.Index(fields=["weekday", "hour"], name="price_list_schedule")]
        constraints = [
            models.UniqueConstraint(
                fields=["link_hash"], condition=~Q(link_hash=""), name="price_list_link_unique"
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True, hour__isnull=True)
                | Q(weekday__isnull=False, hour__isnull=False),
                name="price_list_schedule_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(weekday__isnull=True) | Q(weekday__lte=6, hour__lte=23),
                name="price_list_schedule_sane",
            ),
            models.CheckConstraint(
                condition=Q(link_hash="", link_made_at__isnull=True)
                | (~Q(link_hash="") & Q(link_made_at__isnull=False)),
                name="price_list_link_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class PriceListFileQuerySet(models.QuerySet["PriceListFile"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(profile__in=PriceListProfile.objects.visible_to(actor))


class PriceListFile(models.Model):
    """One making of a price list: asked for, then ready with its file or failed with a reason."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    profile = models.ForeignKey(PriceListProfile, on_delete=models.CASCADE, related_name="files")
    format = models.CharField(_("вид"), max_length=4, choices=ListFormat)
    state = models.CharField(
        _("состояние"), max_length=6, choices=ListFileState, default=ListFileState.QUEUED
    )
    file = models.ForeignKey(
        StoredFile, verbose_name=_("файл"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    rows_total = models.PositiveIntegerField(_("строк"), default=0)
    rows_done = models.PositiveIntegerField(_("готово строк"), default=0)
    fault = models.CharField(_("почему не получился"), max_length=300, blank=True)
    is_mailed = models.BooleanField(_("отправить по почте"), default=False)
    asked_at = models.DateTimeField(_("заказан"))
    made_at = models.DateTimeField(_("готов"), null=True, blank=True)

    objects = PriceListFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("файл прайс-листа")
        verbose_name_plural = _("файлы прайс-листов")
        indexes = [models.Index(fields=["profile", "-asked_at"], name="price_list_file_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=["profile"], condition=Q(state="queued"), name="price_list_file_one_queued"
            ),
            models.CheckConstraint(
                condition=Q(state="ready", file__isnull=False, made_at__isnull=False)
                | (~Q(state="ready") & Q(file__isnull=True)),
                name="price_list_file_ready_has_file",
            ),
            models.CheckConstraint(
                condition=~Q(state="failed") | ~Q(fault=""), name="price_list_file_failed_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=ListFileState.values), name="price_list_file_state_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.profile_id}: {self.get_state_display()}"


class PriceListDownload(models.Model):
    """Who fetched a price list and when; without a person it was the client's system by its link.

    It outlives the file and the profile, hence no foreign keys to them.
    """

    profile_uid = models.UUIDField(_("прайс-лист"))
    file_uid = models.UUIDField(_("файл"))
    holding = models.ForeignKey(Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="+")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("кто"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("вошел от его имени"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("скачивание прайс-листа")
        verbose_name_plural = _("скачивания прайс-листов")
        indexes = [models.Index(fields=["profile_uid"], name="price_list_download_profile")]
        triggers = [
            pgtrigger.Protect(name="price_list_download_kept", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.file_uid}: {self.user_id}"
