"""What 1C sends of orders and clients and the portal cannot place by itself."""

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from counterparties.models import LegalEntity
from integrations.models.nodes import ExchangeNode
from orders.states import OrderState


class StateTarget(models.TextChoices):
    """What a status of 1C does to the order here."""

    KEEP = "keep", _("Не менять")
    CONFIRMED = OrderState.CONFIRMED.value, _("Подтвержден")
    RESERVED = OrderState.RESERVED.value, _("Товар в резерве")
    ON_HOLD = OrderState.ON_HOLD.value, _("Приостановлен")
    COMPLETED = OrderState.COMPLETED.value, _("Выполнен")
    CANCELLED = OrderState.CANCELLED.value, _("Отменен")


class ForeignSystem(models.TextChoices):
    """Whose statuses are told."""

    ERP = "erp", _("1С")
    CRM = "crm", _("CRM")


class TruthOwner(models.TextChoices):
    """Whose word counts where several systems know a field."""

    PORTAL = "portal", _("Портал")
    ERP = "erp", _("1С")
    CRM = "crm", _("CRM")


class OrderField(models.TextChoices):
    """What of an order several systems know."""

    STATE = "state", _("Состояние")
    ROWS = "rows", _("Строки и количества")
    PRICES = "prices", _("Цены и суммы")
    PAYMENT = "payment", _("Оплата")
    SHIPMENT = "shipment", _("Отгрузка")
    MANAGER = "manager", _("Менеджер")


class FieldTruth(models.Model):
    """Who is the owner of a field of an order; without a row 1C is, as ever."""

    field = models.CharField(_("поле заказа"), max_length=10, choices=OrderField, unique=True)
    owner = models.CharField(_("хозяин"), max_length=6, choices=TruthOwner)

    class Meta:
        verbose_name = _("хозяин поля заказа")
        verbose_name_plural = _("хозяева полей заказа")

    def __str__(self) -> str:
        return f"{self.get_field_display()}: {self.get_owner_display()}"


class OrderStateMapping(models.Model):
    """Статус заказа in 1C or stage in a CRM -> what it means here; without a base it holds for all."""

    system = models.CharField(
        _("система"), max_length=3, choices=ForeignSystem, default=ForeignSystem.ERP, db_default="erp"
    )
    node = models.ForeignKey(
        ExchangeNode,
        verbose_name=_("база 1С"),
        on_delete=models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: для всех баз."),
    )
    name = models.CharField(_("статус или этап"), max_length=100)
    target = models.CharField(_("заказ на портале"), max_length=12, choices=StateTarget)

    class Meta:
        verbose_name = _("соответствие статуса заказа")
        verbose_name_plural = _("соответствия статусов заказов")
        constraints = [
            models.UniqueConstraint(
                fields=["system", "node", "name"],
                nulls_distinct=False,
                name="order_state_mapping_unique",
            )
        ]

    def __str__(self) -> str:
        return self.name


class PartyState(models.TextChoices):
    """Where a counterparty of 1C stands."""

    WAITING = "waiting", _("Ждет сопоставления")
    MATCHED = "matched", _("Сопоставлен")
    IGNORED = "ignored", _("Не нужен")


class ErpParty(models.Model):
    """A Контрагент as 1C named it last, and the legal entity it is here."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(_("Ид в 1С"), max_length=170)
    name = models.CharField(_("наименование"), max_length=160, blank=True)
    full_name = models.CharField(_("полное наименование"), max_length=500, blank=True)
    inn = models.CharField(_("ИНН"), max_length=12, blank=True)
    kpp = models.CharField(_("КПП"), max_length=9, blank=True)
    address = models.CharField(_("адрес"), max_length=500, blank=True)
    ogrn = models.CharField(_("ОГРН / ОГРНИП"), max_length=15, blank=True)
    legal_form = models.CharField(_("форма"), max_length=40, blank=True)
    partner_external_id = models.CharField(_("Ид партнера"), max_length=170, blank=True)
    is_deleted = models.BooleanField(_("помечен на удаление"), default=False)
    state = models.CharField(_("состояние"), max_length=10, choices=PartyState, default=PartyState.WAITING)
    reason = models.CharField(_("почему не сопоставлен"), max_length=200, blank=True)
    legal_entity = models.ForeignKey(
        LegalEntity,
        verbose_name=_("юрлицо"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    seen_at = models.DateTimeField(_("пришел"))

    class Meta:
        verbose_name = _("контрагент 1С")
        verbose_name_plural = _("контрагенты 1С")
        indexes = [
            models.Index(fields=["state", "-seen_at"], name="erp_party_queue"),
            models.Index(fields=["partner_external_id"], name="erp_party_partner"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["node", "external_id"], name="erp_party_unique"),
            models.CheckConstraint(
                condition=~Q(state="matched") | Q(legal_entity__isnull=False),
                name="erp_party_matched_has_entity",
            ),
        ]

    def __str__(self) -> str:
        return self.name or self.external_id


class HeldOrder(models.Model):
    """An order born in 1C that cannot be shown yet; tried again when things change."""

    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="+", db_index=False
    )
    external_id = models.CharField(_("Ид в 1С"), max_length=170)
    number = models.CharField(_("номер"), max_length=50, blank=True)
    client = models.CharField(_("контрагент"), max_length=160, blank=True)
    total = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2, null=True)
    reason = models.CharField(_("чего не хватает"), max_length=300)
    payload = models.JSONField(_("документ"), encoder=DjangoJSONEncoder)
    formed_at = models.DateTimeField(_("сведения 1С на"), null=True)
    received_at = models.DateTimeField(_("получен"))
    tried_at = models.DateTimeField(_("последняя попытка"))

    class Meta:
        verbose_name = _("заказ из 1С в ожидании")
        verbose_name_plural = _("заказы из 1С в ожидании")
        constraints = [models.UniqueConstraint(fields=["node", "external_id"], name="held_order_unique")]

    def __str__(self) -> str:
        return self.number or self.external_id
