"""1C bases and whose id is whose."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.contrib.auth.hashers import check_password, make_password
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models import Organization


class QueryEncoding(models.TextChoices):
    """In what the answer with orders is written."""

    UTF_8 = "utf-8", "UTF-8"
    WINDOWS_1251 = "windows-1251", "windows-1251"


def validate_zone(name: str) -> None:
    """Accept names of the time zone database only."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ValidationError(_("Нет такого часового пояса: %(name)s"), params={"name": name}) from error


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
    query_encoding = models.CharField(
        _("кодировка заказов"), max_length=12, choices=QueryEncoding, default=QueryEncoding.UTF_8
    )
    time_zone = models.CharField(
        _("часовой пояс базы"),
        max_length=40,
        default="Europe/Moscow",
        validators=[validate_zone],
        help_text=_("1С пишет время без пояса. Например: Asia/Yekaterinburg."),
    )
    is_zip_accepted = models.BooleanField(_("принимать архивом"), default=False)
    is_active = models.BooleanField(_("включен"), default=True)
    is_missing_hidden = models.BooleanField(
        _("скрывать то, чего нет в полной выгрузке"),
        default=False,
        db_default=False,
        help_text=_("Только после выгрузки без ошибок. Скрытый товар вернется, когда 1С пришлет его снова."),
    )
    missing_limit = models.PositiveSmallIntegerField(
        _("скрывать без вопроса не больше, %"),
        default=10,
        db_default=10,
        validators=[MaxValueValidator(100)],
        help_text=_("Если не пришло больше, решает администратор."),
    )
    is_breaker_on = models.BooleanField(
        _("задерживать массовые изменения"),
        default=True,
        db_default=True,
        help_text=_("Файл, который меняет слишком много, ждет решения администратора."),
    )
    breaker_rows = models.PositiveIntegerField(
        _("задерживать, если строк не меньше"), default=50, db_default=50
    )
    price_step_limit = models.PositiveSmallIntegerField(
        _("цена изменилась больше чем на, %"), default=50, db_default=50
    )
    price_share_limit = models.PositiveSmallIntegerField(
        _("таких цен в файле больше, %"), default=20, db_default=20, validators=[MaxValueValidator(100)]
    )
    stock_share_limit = models.PositiveSmallIntegerField(
        _("остатков обнуляется больше, %"), default=50, db_default=50, validators=[MaxValueValidator(100)]
    )
    hidden_share_limit = models.PositiveSmallIntegerField(
        _("товаров помечено на удаление больше, %"),
        default=5,
        db_default=5,
        validators=[MaxValueValidator(100)],
    )

    is_freshness_shown = models.BooleanField(
        _("показывать, на какое время цены и остатки"),
        default=True,
        db_default=True,
        help_text=_("Покупатель видит это в каталоге и в заказе, и опоздание тоже."),
    )
    is_outage_shown = models.BooleanField(
        _("предупреждать покупателей, что связи с 1С нет"), default=True, db_default=True
    )
    outage_hours = models.PositiveSmallIntegerField(
        _("связи нет, если 1С молчит дольше, ч"),
        default=24,
        db_default=24,
        validators=[MinValueValidator(1)],
    )
    file_hosts = models.TextField(
        _("откуда забирать файлы по ссылкам"),
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "По одному в строке: files.example.ru, host:8443. Если сервер внутри сети, добавьте его адрес "
            "или сеть: 10.0.0.5, 10.0.0.0/24. Пусто: файлы по ссылкам не забираются."
        ),
    )
    answers_requests = models.BooleanField(
        _("отвечает на запросы документов"),
        default=False,
        db_default=False,
        help_text=_("В 1С настроен опрос запросов: клиенты могут запросить акт сверки и оригиналы."),
    )

    class Meta:
        verbose_name = _("база 1С")
        verbose_name_plural = _("базы 1С")
        constraints = [
            models.CheckConstraint(
                condition=Q(missing_limit__lte=100)
                & Q(price_share_limit__lte=100)
                & Q(stock_share_limit__lte=100)
                & Q(hidden_share_limit__lte=100),
                name="exchange_node_limits_sane",
            ),
            models.CheckConstraint(condition=Q(outage_hours__gt=0), name="exchange_node_outage_positive"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

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
    CONTRACT = "contract"
    ORDER_PART = "order_part"
    ERP_DOCUMENT = "erp_document"
    RECEIVED_PAPER = "received_paper"


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
