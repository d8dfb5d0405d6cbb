"""Clients: holdings, their legal entities, accounts and delivery addresses."""

from typing import TYPE_CHECKING, Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from catalog.masks import StockMask
from catalog.models import City
from counterparties.models.organizations import BankDetails
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, SERVE_HOLDING
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class ClientGroup(models.Model):
    """Clients who buy on the same conditions: discounts, how exactly stock is told."""

    name = models.CharField(_("название"), max_length=100, unique=True)
    stock_mask = models.CharField(
        _("остатки показывать"), max_length=8, choices=StockMask, default=StockMask.EXACT
    )

    class Meta:
        verbose_name = _("группа клиентов")
        verbose_name_plural = _("группы клиентов")

    def __str__(self) -> str:
        return self.name


class HoldingQuerySet(models.QuerySet["Holding"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A client sees his own holding, a manager those he serves, an administrator all."""
        if actor.is_administrator:
            return self
        if actor.is_client:
            return self.filter(pk=actor.holding_id)
        return self.filter(pk__in=actor.served_holding_ids)


@tracked()
class Holding(models.Model):
    """A client: one or more legal entities under one roof."""

    name = models.CharField(_("название"), max_length=160)
    main_entity = models.ForeignKey(
        "LegalEntity",
        verbose_name=_("основное юрлицо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    home_city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    group = models.ForeignKey(
        ClientGroup,
        verbose_name=_("группа"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="holdings",
    )
    is_active = models.BooleanField(_("обслуживается"), default=True)
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("объединен с"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )
    allows_visits = models.BooleanField(
        _("менеджер может входить в кабинет"), default=True, help_text=_("Решает сам клиент.")
    )
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("клиент")
        verbose_name_plural = _("клиенты")
        permissions = [(SERVE_HOLDING, _("Обслуживает клиента"))]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(is_active=False), name="holding_merged_is_closed"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class HoldingUserObjectPermission(UserObjectPermissionBase):
    """Which managers serve a holding (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(Holding, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        verbose_name = _("закрепление менеджера")
        verbose_name_plural = _("менеджеры клиентов")


class LegalEntityKind(models.TextChoices):
    """Legal form; a sole proprietor has no КПП."""

    OOO = "ooo", _("ООО")
    AO = "ao", _("АО")
    IP = "ip", _("ИП")
    OTHER = "other", _("Другое")


class VatMode(models.TextChoices):
    """Whether and how the client pays VAT; he may not have told."""

    UNKNOWN = "", _("Не указано")
    PAYER = "payer", _("Плательщик НДС, общая система")
    SIMPLIFIED = "simplified", _("УСН с НДС 5% или 7%")
    EXEMPT = "exempt", _("Без НДС")


class LegalEntityQuerySet(models.QuerySet["LegalEntity"]):
    def in_use(self) -> Self:
        """Without those that were merged into others: these keep papers and money, and order no more."""
        return self.filter(merged_into__isnull=True)

    def visible_to(self, actor: "Actor") -> Self:
        """A client's person sees the legal entities that any right reaches; a manager, his clients'."""
        if actor.is_administrator:
            return self.in_use()
        if actor.is_client:
            return self.in_use().filter(holding_id=actor.holding_id, pk__in=actor.reachable_entity_ids)
        return self.in_use().filter(holding_id__in=actor.served_holding_ids)


@tracked()
class LegalEntity(models.Model):
    """Контрагент: buys and pays. The same ИНН may stand in several (branches, copies in 1C)."""

    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="legal_entities"
    )
    kind = models.CharField(_("форма"), max_length=5, choices=LegalEntityKind)
    name = models.CharField(_("наименование"), max_length=160)
    full_name = models.CharField(_("полное наименование"), max_length=500)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    ogrn = models.CharField(_("ОГРН / ОГРНИП"), max_length=15, blank=True)
    okpo = models.CharField(_("ОКПО"), max_length=10, blank=True)
    legal_address = models.CharField(_("юридический адрес"), max_length=500)
    actual_address = models.CharField(_("фактический адрес"), max_length=500, blank=True)
    post_address = models.CharField(_("почтовый адрес"), max_length=500, blank=True)
    head_position = models.CharField(_("должность руководителя"), max_length=100, blank=True)
    head_name = models.CharField(_("руководитель"), max_length=100, blank=True)
    head_basis = models.CharField(
        _("действует на основании"), max_length=200, blank=True, help_text=_("Например: Устава.")
    )
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    email = models.EmailField(_("почта для документов"), blank=True)
    edo_operator = models.CharField(_("оператор ЭДО"), max_length=100, blank=True)
    edo_id = models.CharField(_("идентификатор участника ЭДО"), max_length=60, blank=True)
    vat_mode = models.CharField(_("НДС"), max_length=10, choices=VatMode, blank=True)
    is_stopped_by_erp = models.BooleanField(
        _("1С остановила новые заказы"),
        default=False,
        db_default=False,
        editable=False,
        help_text=_("Стоп-лист партнера или пометка удаления контрагента."),
    )
    merged_into = models.ForeignKey(
        "self",
        verbose_name=_("объединено с"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="merged",
    )

    objects = LegalEntityQuerySet.as_manager()

    class Meta:
        verbose_name = _("юридическое лицо")
        verbose_name_plural = _("юридические лица")
        permissions = [(ACT_FOR_LEGAL_ENTITY, _("Действует от имени юрлица"))]
        indexes = [models.Index(fields=["inn", "kpp"], name="legal_entity_inn_kpp")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="ip") | Q(kpp=""), name="legal_entity_ip_no_kpp"),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("pk")),
                name="legal_entity_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class LegalEntityUserObjectPermission(UserObjectPermissionBase):
    """Who may act for a legal entity (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(LegalEntity, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class LegalEntityBankAccount(BankDetails):
    """An account from which the client pays."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="bank_accounts")

    class Meta:
        verbose_name = _("счет юрлица")
        verbose_name_plural = _("счета юрлица")


class DeliveryAddress(models.Model):
    """Where goods of a legal entity are brought."""

    legal_entity = models.ForeignKey(LegalEntity, on_delete=models.CASCADE, related_name="delivery_addresses")
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    address = models.CharField(_("адрес"), max_length=500)
    contact_name = models.CharField(_("контактное лицо"), max_length=100, blank=True)
    contact_phone = models.CharField(_("телефон"), max_length=40, blank=True)
    hours = models.CharField(_("часы приемки"), max_length=100, blank=True)
    notes = models.CharField(_("разгрузка, пропуск"), max_length=300, blank=True)
    is_default = models.BooleanField(_("основной"), default=False)
    is_active = models.BooleanField(
        _("используется"), default=True, help_text=_("Убранный адрес остается в прежних заказах.")
    )

    class Meta:
        verbose_name = _("адрес доставки")
        verbose_name_plural = _("адреса доставки")

    def __str__(self) -> str:
        return self.address

    @property
    def in_words(self) -> str:
        """All that a driver has to know, in one text."""
        told = (self.address, self.contact_name, self.contact_phone, self.hours, self.notes)
        return ", ".join(text for text in told if text)
