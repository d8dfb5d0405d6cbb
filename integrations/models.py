"""1C bases, conversations with them, and whose id is whose."""

import uuid

from django.contrib.auth.hashers import check_password, make_password
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from counterparties.models import Organization
from orders.models import OrderPart
from portal.outbox.models import Job


class ExchangeNode(models.Model):
    """One 1C base: its account here and what it is master of."""

    code = models.SlugField(_("код"), max_length=20, unique=True)
    name = models.CharField(_("название"), max_length=160)
    username = models.CharField(_("имя пользователя 1С"), max_length=50, unique=True)
    password = models.CharField(_("пароль"), max_length=200, editable=False)
    organizations = models.ManyToManyField(
        Organization,
        verbose_name=_("заказы каких организаций забирает"),
        related_name="exchange_nodes",
        blank=True,
    )
    currency_name = models.CharField(
        _("валюта в заказах"), max_length=3, default="руб", help_text=_("Как в классификаторе валют 1С.")
    )
    is_zip_accepted = models.BooleanField(_("принимать архивом"), default=False)
    is_active = models.BooleanField(_("включен"), default=True)

    class Meta:
        verbose_name = _("база 1С")
        verbose_name_plural = _("базы 1С")

    def __str__(self) -> str:
        return self.name

    def set_password(self, raw: str) -> None:
        self.password = make_password(raw)

    def check_password(self, raw: str) -> bool:
        return check_password(raw, self.password)


class ExternalKind(models.TextChoices):
    """What an external id names."""

    CLASSIFIER = "classifier"
    SECTION = "section"
    PROPERTY = "property"
    PROPERTY_OPTION = "property_option"
    PRODUCT = "product"
    SKU = "sku"
    PRICE_TYPE = "price_type"
    WAREHOUSE = "warehouse"
    LEGAL_ENTITY = "legal_entity"
    ORGANIZATION = "organization"


class ExternalId(models.Model):
    """(node, kind, id in 1C) -> row of the portal. The only place that knows 1C's ids."""

    # Leading in the unique index: an index of its own would only be written.
    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    kind = models.CharField(max_length=16, choices=ExternalKind)
    external_id = models.CharField(max_length=170)
    object_id = models.BigIntegerField()

    class Meta:
        verbose_name = _("внешний идентификатор")
        verbose_name_plural = _("внешние идентификаторы")
        constraints = [
            models.UniqueConstraint(fields=["node", "kind", "external_id"], name="external_id_unique")
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="external_id_object")]

    def __str__(self) -> str:
        return f"{self.kind} {self.external_id}"


class SessionKind(models.TextChoices):
    CATALOG = "catalog", _("Товары")
    SALE = "sale", _("Заказы")


class ExchangeSession(models.Model):
    """One conversation: from checkauth until the client goes away."""

    token = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="sessions")
    kind = models.CharField(_("что"), max_length=10, choices=SessionKind)
    ip = models.GenericIPAddressField(_("адрес"), null=True)
    # HMAC of the name and password given at the sign-in: later requests are compared with it.
    credential = models.CharField(max_length=64, default="", editable=False)
    started_at = models.DateTimeField(_("начат"))
    seen_at = models.DateTimeField(_("последний запрос"))
    is_tidied = models.BooleanField(_("файлы удалены"), default=False)

    class Meta:
        verbose_name = _("сеанс обмена")
        verbose_name_plural = _("сеансы обмена")

    def __str__(self) -> str:
        return f"{self.node} {self.started_at:%d.%m.%Y %H:%M:%S}"


class FileState(models.TextChoices):
    RECEIVING = "receiving", _("Принимается")
    IMPORTING = "importing", _("Загружается")
    DONE = "done", _("Загружен")
    FAILED = "failed", _("Ошибка")


class ExchangeFile(models.Model):
    """A file of a session and what became of it: the journal that 1C's operator cannot see."""

    session = models.ForeignKey(
        ExchangeSession, on_delete=models.CASCADE, related_name="files", db_index=False
    )
    name = models.CharField(_("файл"), max_length=300)
    size = models.BigIntegerField(_("байт"), default=0)
    is_closed = models.BooleanField(default=False)
    sha256 = models.CharField(max_length=64, blank=True)
    state = models.CharField(_("состояние"), max_length=10, choices=FileState, default=FileState.RECEIVING)
    job = models.ForeignKey(Job, on_delete=models.SET_NULL, null=True, related_name="+")
    message = models.TextField(_("сообщение"), blank=True)
    report = models.JSONField(_("отчет"), default=dict)
    received_at = models.DateTimeField(_("получен"))
    finished_at = models.DateTimeField(_("загружен"), null=True)

    class Meta:
        verbose_name = _("файл обмена")
        verbose_name_plural = _("файлы обмена")
        constraints = [models.UniqueConstraint(fields=["session", "name"], name="exchange_file_unique")]
        indexes = [models.Index(F("session"), Lower("name"), name="exchange_file_any_case")]

    def __str__(self) -> str:
        return self.name


class PendingOffer(models.Model):
    """An offer that came before its good; applied when the good appears."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    external_id = models.CharField(max_length=170)
    product_external_id = models.CharField(max_length=85, db_index=True)
    payload = models.JSONField()
    received_at = models.DateTimeField()

    class Meta:
        verbose_name = _("отложенное предложение")
        verbose_name_plural = _("отложенные предложения")
        constraints = [models.UniqueConstraint(fields=["node", "external_id"], name="pending_offer_unique")]

    def __str__(self) -> str:
        return self.external_id


class ExchangeStream(models.Model):
    """The newest file applied of what changes independently: an older one must not overwrite it."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+")
    kind = models.CharField(max_length=10)
    catalog_external_id = models.CharField(max_length=85, blank=True)
    formed_at = models.DateTimeField(_("сформирован"))

    class Meta:
        verbose_name = _("поток обмена")
        verbose_name_plural = _("потоки обмена")
        constraints = [
            models.UniqueConstraint(
                fields=["node", "kind", "catalog_external_id"], name="exchange_stream_unique"
            )
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.catalog_external_id}"


class ExportState(models.TextChoices):
    QUEUED = "queued", _("В очереди")
    ACCEPTED = "accepted", _("Принят в 1С")
    QUARANTINED = "quarantined", _("Не выгружается")


class OrderExport(models.Model):
    """The place of an order's part in the queue of a 1C base."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="order_exports")
    part = models.OneToOneField(OrderPart, on_delete=models.CASCADE, related_name="export")
    state = models.CharField(_("состояние"), max_length=12, choices=ExportState, default=ExportState.QUEUED)
    version = models.PositiveIntegerField(_("версия"), default=1)
    accepted_version = models.PositiveIntegerField(_("принята версия"), default=0)
    offered_in = models.ForeignKey(
        ExchangeSession,
        verbose_name=_("отдан в сеансе"),
        on_delete=models.SET_NULL,
        null=True,
        related_name="+",
    )
    offered_version = models.PositiveIntegerField(default=0)
    error = models.TextField(_("почему не выгружается"), blank=True)
    queued_at = models.DateTimeField(_("в очереди с"))

    class Meta:
        verbose_name = _("выгрузка заказа")
        verbose_name_plural = _("выгрузка заказов")
        constraints = [
            models.CheckConstraint(
                condition=Q(accepted_version__lte=F("version")), name="order_export_versions_sane"
            )
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.state}"
