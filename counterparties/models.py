"""The seller, the clients, their people and contracts."""

from datetime import date
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from guardian.models import UserObjectPermissionBase

from catalog.models import City
from counterparties.permissions import ACT_FOR_LEGAL_ENTITY, SERVE_HOLDING, Role
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


class BankDetails(models.Model):
    """Where money of a legal entity is kept."""

    bank_name = models.CharField(_("банк"), max_length=160)
    bic = models.CharField(_("БИК"), max_length=9)
    correspondent_account = models.CharField(_("корр. счет"), max_length=20, blank=True)
    account = models.CharField(_("расчетный счет"), max_length=20)
    is_default = models.BooleanField(_("основной"), default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.account}, {self.bank_name}"


class TaxRegime(models.TextChoices):
    """How the seller pays taxes; decides VAT lines of documents."""

    GENERAL = "osno", _("Общая система, НДС")
    SIMPLIFIED_EXEMPT = "usn_exempt", _("УСН без НДС")
    SIMPLIFIED_5 = "usn_5", _("УСН, НДС 5%")
    SIMPLIFIED_7 = "usn_7", _("УСН, НДС 7%")


@tracked()
class Organization(models.Model):
    """The seller's own legal entity."""

    name = models.CharField(_("наименование"), max_length=160)
    full_name = models.CharField(_("полное наименование"), max_length=500)
    inn = models.CharField(_("ИНН"), max_length=12)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    ogrn = models.CharField(_("ОГРН"), max_length=15, blank=True)
    address = models.CharField(_("адрес"), max_length=500)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    email = models.EmailField(_("эл. почта"), blank=True)
    tax_regime = models.CharField(
        _("налоговый режим"), max_length=12, choices=TaxRegime, default=TaxRegime.GENERAL
    )
    head_position = models.CharField(_("должность руководителя"), max_length=100, default="Руководитель")
    head_name = models.CharField(_("руководитель"), max_length=100, blank=True)
    accountant_name = models.CharField(_("бухгалтер"), max_length=100, blank=True)
    invoice_prefix = models.CharField(_("префикс номера счета"), max_length=6, blank=True)
    invoice_notice = models.TextField(_("предупреждение в счете"), blank=True)
    invoice_valid_days = models.PositiveSmallIntegerField(_("срок оплаты счета, банковских дней"), default=5)
    confirms_orders_itself = models.BooleanField(
        _("подтверждать заказы сразу"),
        default=False,
        help_text=_("Иначе заказ ждет подтверждения менеджером."),
    )

    class Meta:
        verbose_name = _("организация")
        verbose_name_plural = _("наши организации")

    def __str__(self) -> str:
        return self.name


class OrganizationBankAccount(BankDetails):
    """An account of the seller; the default one goes into invoices."""

    organization = models.ForeignKey(Organization, on_delete=models.CASCADE, related_name="bank_accounts")

    class Meta:
        verbose_name = _("счет организации")
        verbose_name_plural = _("счета организации")
        constraints = [
            models.UniqueConstraint(
                fields=["organization"], condition=Q(is_default=True), name="organization_account_one_default"
            )
        ]


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
    is_active = models.BooleanField(_("обслуживается"), default=True)
    created_at = models.DateTimeField(_("создан"), auto_now_add=True)

    objects = HoldingQuerySet.as_manager()

    class Meta:
        verbose_name = _("клиент")
        verbose_name_plural = _("клиенты")
        permissions = [(SERVE_HOLDING, _("Обслуживает клиента"))]

    def __str__(self) -> str:
        return self.name


class HoldingUserObjectPermission(UserObjectPermissionBase):
    """Which managers serve a holding (django-guardian, direct foreign key)."""

    content_object = models.ForeignKey(Holding, on_delete=models.CASCADE)

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False


class LegalEntityKind(models.TextChoices):
    """Legal form; a sole proprietor has no КПП."""

    OOO = "ooo", _("ООО")
    AO = "ao", _("АО")
    IP = "ip", _("ИП")
    OTHER = "other", _("Другое")


class LegalEntityQuerySet(models.QuerySet["LegalEntity"]):
    def visible_to(self, actor: "Actor") -> Self:
        """A client's person sees the legal entities they may act for; a manager, his clients'."""
        if actor.is_administrator:
            return self
        if actor.is_client:
            return self.filter(holding_id=actor.holding_id, pk__in=actor.legal_entity_ids)
        return self.filter(holding_id__in=actor.served_holding_ids)


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
    legal_address = models.CharField(_("юридический адрес"), max_length=500)
    phone = models.CharField(_("телефон"), max_length=40, blank=True)
    email = models.EmailField(_("почта для документов"), blank=True)

    objects = LegalEntityQuerySet.as_manager()

    class Meta:
        verbose_name = _("юридическое лицо")
        verbose_name_plural = _("юридические лица")
        permissions = [(ACT_FOR_LEGAL_ENTITY, _("Действует от имени юрлица"))]
        indexes = [models.Index(fields=["inn", "kpp"], name="legal_entity_inn_kpp")]
        constraints = [
            models.CheckConstraint(condition=~Q(kind="ip") | Q(kpp=""), name="legal_entity_ip_no_kpp"),
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

    class Meta:
        verbose_name = _("адрес доставки")
        verbose_name_plural = _("адреса доставки")

    def __str__(self) -> str:
        return self.address


class ContractState(models.TextChoices):
    """Whether orders may be placed under the contract."""

    ACTIVE = "active", _("Действует")
    CLOSED = "closed", _("Закрыт")


class ContractQuerySet(models.QuerySet["Contract"]):
    def visible_to(self, actor: "Actor") -> Self:
        return self.filter(legal_entity__in=LegalEntity.objects.visible_to(actor))

    def open_on(self, day: date) -> Self:
        """Contracts under which orders may be placed on a Moscow date; the last day counts."""
        return self.filter(
            Q(valid_until__isnull=True) | Q(valid_until__gte=day),
            state=ContractState.ACTIVE,
            date__lte=day,
        )


@tracked()
class Contract(models.Model):
    """Договор between the seller's organization and a client's legal entity."""

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="contracts"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="contracts"
    )
    number = models.CharField(_("номер"), max_length=50)
    date = models.DateField(_("дата"))
    valid_until = models.DateField(_("действует до"), null=True, blank=True)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    state = models.CharField(
        _("состояние"), max_length=10, choices=ContractState, default=ContractState.ACTIVE
    )
    deferral_days = models.PositiveSmallIntegerField(_("отсрочка, дней"), default=0)
    is_default = models.BooleanField(_("основной"), default=False)

    objects = ContractQuerySet.as_manager()

    class Meta:
        verbose_name = _("договор")
        verbose_name_plural = _("договоры")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "legal_entity", "number", "date"], name="contract_number_unique"
            ),
            models.UniqueConstraint(
                fields=["legal_entity"], condition=Q(is_default=True), name="contract_one_default"
            ),
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("date")),
                name="contract_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number} от {self.date:%d.%m.%Y}"


@tracked()
class Membership(models.Model):
    """A person in a holding: role, and until when."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("человек"),
        on_delete=models.CASCADE,
        related_name="memberships",
    )
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.CASCADE, related_name="memberships"
    )
    role = models.CharField(_("роль"), max_length=12, choices=Role)
    is_whole_holding = models.BooleanField(
        _("все юрлица"), default=False, help_text=_("Иначе только назначенные юридические лица.")
    )
    valid_until = models.DateField(_("по дату включительно"), null=True, blank=True)
    is_active = models.BooleanField(_("действует"), default=True)

    class Meta:
        verbose_name = _("сотрудник клиента")
        verbose_name_plural = _("сотрудники клиентов")
        constraints = [models.UniqueConstraint(fields=["user", "holding"], name="membership_unique")]

    def __str__(self) -> str:
        return f"{self.user} ({self.get_role_display()}, {self.holding})"
