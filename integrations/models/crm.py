"""Accounts in CRM systems, what is whose there, and what is still to be written or read."""

import uuid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models import ClientGroup
from integrations.models.incoming import TruthOwner

_OWNERS = [choice for choice in TruthOwner.choices if choice[0] != TruthOwner.ERP]


class CrmKind(models.TextChoices):
    BITRIX24 = "bitrix24", _("Битрикс24")
    AMOCRM = "amocrm", _("amoCRM")


class CrmAccount(models.Model):
    """One CRM that the portal writes clients and orders to, and reads managers and segments from.

    `hook` is the unguessable part of the address that the CRM tells of changes at. `busy_until` is the
    lease of the one process that writes; `polled_to` is how far changes of the CRM were read.
    """

    kind = models.CharField(_("система"), max_length=8, choices=CrmKind)
    name = models.CharField(_("название"), max_length=100)
    address = models.CharField(
        _("адрес"),
        max_length=300,
        help_text=_("Например, https://company.bitrix24.ru или https://company.amocrm.ru"),
    )
    sealed_secrets = models.TextField(editable=False, blank=True)
    mapping = models.JSONField(_("сопоставление полей"), default=dict, blank=True)
    manager_owner = models.CharField(
        _("кто назначает менеджера"), max_length=6, choices=_OWNERS, default=TruthOwner.PORTAL
    )
    segment_owner = models.CharField(
        _("кто назначает сегмент"), max_length=6, choices=_OWNERS, default=TruthOwner.PORTAL
    )
    hook = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    is_active = models.BooleanField(_("включён"), default=True)
    is_paused = models.BooleanField(_("приостановлен"), default=False)
    paused_reason = models.CharField(_("почему"), max_length=300, blank=True)
    busy_until = models.DateTimeField(null=True, editable=False)
    busy_with = models.UUIDField(null=True, editable=False)
    polled_to = models.DateTimeField(_("изменения прочитаны до"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("создан"))

    class Meta:
        verbose_name = _("учётная запись CRM")
        verbose_name_plural = _("учётные записи CRM")

    def __str__(self) -> str:
        return self.name


class CrmThing(models.TextChoices):
    """What is kept in a CRM; they are written in this order."""

    COMPANY = "company", _("Компания")
    CONTACT = "contact", _("Контакт")
    DEAL = "deal", _("Сделка")


class LinkState(models.TextChoices):
    WAITING = "waiting", _("Ждёт записи")
    WRITTEN = "written", _("Записано")
    REFUSED = "refused", _("CRM отказала")


class CrmLink(models.Model):
    """A thing of the portal and its card in a CRM: what was written last and what is to be written.

    `wanted` counts changes here, `written` is the one that the CRM has; a link waits while they differ.
    `told_facts` is the digest of the facts of a client for which the card was marked last.
    `is_doubtful` says that a write got no answer: the card is looked for before it is made.
    """

    account = models.ForeignKey(
        CrmAccount, verbose_name=_("CRM"), on_delete=models.CASCADE, related_name="links", db_index=False
    )
    kind = models.CharField(_("что"), max_length=7, choices=CrmThing)
    reference = models.CharField(_("на портале"), max_length=60)
    external_id = models.CharField(_("номер в CRM"), max_length=40, blank=True)
    state = models.CharField(_("состояние"), max_length=7, choices=LinkState, default=LinkState.WAITING)
    wanted = models.PositiveIntegerField(_("изменений"), default=1)
    written = models.PositiveIntegerField(_("записано изменений"), default=0)
    written_sha256 = models.CharField(max_length=64, blank=True, editable=False)
    told_facts = models.CharField(max_length=32, blank=True, default="", db_default="", editable=False)
    written_at = models.DateTimeField(_("записано"), null=True, blank=True)
    is_doubtful = models.BooleanField(_("ответ не получен"), default=False)
    attempts = models.PositiveSmallIntegerField(_("попыток"), default=0)
    next_at = models.DateTimeField(_("следующая попытка"))
    last_error = models.CharField(_("ошибка"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("создано"))

    class Meta:
        verbose_name = _("карточка CRM")
        verbose_name_plural = _("карточки CRM")
        indexes = [
            models.Index(fields=["account", "next_at"], condition=Q(state="waiting"), name="crm_link_waiting")
        ]
        constraints = [
            models.UniqueConstraint(fields=["account", "kind", "reference"], name="crm_link_once"),
            models.UniqueConstraint(
                fields=["account", "kind", "external_id"],
                condition=~Q(external_id=""),
                name="crm_link_one_card",
            ),
            models.CheckConstraint(condition=Q(written__lte=models.F("wanted")), name="crm_link_not_ahead"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.reference}"


class InboundState(models.TextChoices):
    WAITING = "waiting", _("Ждёт")
    TAKEN = "taken", _("Читается")
    DONE = "done", _("Учтено")
    REFUSED = "refused", _("Не учтено")


class InboundSource(models.TextChoices):
    HOOK = "hook", _("Вебхук CRM")
    POLL = "poll", _("Опрос CRM")


class CrmInbound(models.Model):
    """A change that a CRM told of, or that was found there, and what came of it."""

    account = models.ForeignKey(CrmAccount, verbose_name=_("CRM"), on_delete=models.CASCADE, related_name="+")
    source = models.CharField(_("откуда"), max_length=4, choices=InboundSource)
    kind = models.CharField(_("что"), max_length=7, choices=CrmThing)
    external_id = models.CharField(_("номер в CRM"), max_length=40)
    event = models.CharField(_("событие"), max_length=60, blank=True)
    received_at = models.DateTimeField(_("получено"))
    state = models.CharField(_("состояние"), max_length=7, choices=InboundState, default=InboundState.WAITING)
    result = models.CharField(_("итог"), max_length=300, blank=True)
    done_at = models.DateTimeField(_("разобрано"), null=True, blank=True)

    class Meta:
        verbose_name = _("изменение из CRM")
        verbose_name_plural = _("изменения из CRM")
        indexes = [models.Index(fields=["received_at"], name="crm_inbound_received")]
        constraints = [
            models.UniqueConstraint(
                fields=["account", "kind", "external_id"],
                condition=Q(state="waiting"),
                name="crm_inbound_waits_once",
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class CrmUser(models.Model):
    """An employee as a CRM knows him."""

    account = models.ForeignKey(CrmAccount, on_delete=models.CASCADE, related_name="users", db_index=False)
    external_id = models.CharField(_("номер сотрудника в CRM"), max_length=40)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("сотрудник"),
        on_delete=models.CASCADE,
        related_name="+",
        limit_choices_to={"is_staff": True, "is_active": True},
    )

    class Meta:
        verbose_name = _("сотрудник в CRM")
        verbose_name_plural = _("сотрудники в CRM")
        constraints = [
            models.UniqueConstraint(fields=["account", "external_id"], name="crm_user_once"),
            models.UniqueConstraint(fields=["account", "user"], name="crm_user_one_number"),
        ]

    def __str__(self) -> str:
        return f"{self.external_id}"


class CrmSegment(models.Model):
    """A segment as a CRM writes it, and the group of clients that it is here."""

    account = models.ForeignKey(CrmAccount, on_delete=models.CASCADE, related_name="segments", db_index=False)
    value = models.CharField(_("значение в CRM"), max_length=100)
    group = models.ForeignKey(
        ClientGroup, verbose_name=_("группа клиентов"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        verbose_name = _("сегмент в CRM")
        verbose_name_plural = _("сегменты в CRM")
        constraints = [models.UniqueConstraint(fields=["account", "value"], name="crm_segment_once")]

    def __str__(self) -> str:
        return self.value


class CrmBucket(models.Model):
    """How much of a CRM's patience is used up: one row for all its requests (`method` empty), one for each
    method that it has asked to leave alone.
    """

    account = models.ForeignKey(CrmAccount, on_delete=models.CASCADE, related_name="+", db_index=False)
    method = models.CharField(max_length=80, blank=True)
    level = models.FloatField(default=0)
    at = models.DateTimeField()
    rest_until = models.DateTimeField(null=True)
    asked = models.PositiveBigIntegerField(default=0)

    class Meta:
        verbose_name = _("расход запросов CRM")
        verbose_name_plural = _("расход запросов CRM")
        constraints = [models.UniqueConstraint(fields=["account", "method"], name="crm_bucket_once")]

    def __str__(self) -> str:
        return self.method or "–"
