"""What was ordered."""

import uuid
from decimal import Decimal
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from catalog.models import City, Sku, Warehouse
from counterparties.models import Contract, DeliveryAddress, Holding, LegalEntity, Organization
from counterparties.reach import reach
from finance.states import PaymentTerms
from orders.pieces import Pieces
from orders.states import GIVEN_UP, IN_WORK, OrderOrigin, OrderState
from portal.audit.tracking import tracked
from portal.lib.dates import format_date
from portal.lib.money import format_price

if TYPE_CHECKING:
    from counterparties.actor import Actor


ORDER = "order:"
"""How references to orders begin."""


def order_reference(pk: int) -> str:
    """Name an order for apps that know no orders: `order:17`."""
    return f"{ORDER}{pk}"


def order_id_of(reference: str) -> int:
    """Which order is named so. Raises ValueError."""
    return int(reference.removeprefix(ORDER))


_ADDED_UP = ["state", "currency", "total", "holding", "origin", "acting_user"]


class OrderQuerySet(models.QuerySet["Order"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Orders as far as ORDER_VIEW reaches: own, of the actor's legal entities, of the holding."""
        return self.filter(reach(actor, Permission.ORDER_VIEW, author="created_by"))

    def movable_by(self, actor: "Actor") -> Self:
        """Visible ones that he may also decide on: a client's person as far as ORDER_SUBMIT reaches."""
        seen = self.visible_to(actor)
        if not actor.is_client:
            return seen
        return seen.filter(reach(actor, Permission.ORDER_SUBMIT, author="created_by"))


@tracked("number", "state", "total")
class Order(models.Model):
    """One order for the client; 1C gets its parts."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("номер"), max_length=8, unique=True, editable=False)
    origin = models.CharField(
        _("откуда"), max_length=6, choices=OrderOrigin, default=OrderOrigin.PORTAL, editable=False
    )
    erp_number = models.CharField(
        _("номер в 1С"), max_length=50, blank=True, help_text=_("Заказа, который оформили в 1С.")
    )
    idempotency_key = models.UUIDField(unique=True, editable=False)
    request_digest = models.CharField(max_length=64, editable=False)  # what the key was used for
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="orders"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="orders"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="orders"
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="orders"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    delivery_address = models.ForeignKey(
        DeliveryAddress,
        verbose_name=_("адрес доставки"),
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Пусто: самовывоз."),
    )
    delivery_text = models.CharField(_("куда везти"), max_length=600, help_text=_("Записано при отправке."))
    comment = models.TextField(_("комментарий"), max_length=3000, blank=True)
    client_reference = models.CharField(_("номер у клиента"), max_length=50, blank=True)
    desired_date = models.DateField(_("нужен к"), null=True, blank=True)
    payment_terms = models.CharField(
        _("оплата"), max_length=7, choices=PaymentTerms, default=PaymentTerms.CREDIT, db_default="credit"
    )
    delivery_service = models.ForeignKey(
        "orders.DeliveryService",
        verbose_name=_("доставка"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    delivery_cost = models.DecimalField(
        _("стоимость доставки с НДС"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    ships_together = models.BooleanField(
        _("отгружать все сразу"), default=False, db_default=False, help_text=_("Иначе по готовности.")
    )
    follows = models.ForeignKey(
        "self",
        verbose_name=_("дополняет заказ"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="followers",
    )
    state = models.CharField(_("состояние"), max_length=14, choices=OrderState, default=OrderState.SUBMITTED)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    is_vat_included = models.BooleanField(_("цены с НДС"), default=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    vat_total = models.DecimalField(_("в том числе НДС"), max_digits=18, decimal_places=2)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("заказал"),
        on_delete=models.PROTECT,
        null=True,
        related_name="orders",
        help_text=_("Пусто у заказа из 1С."),
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("собрал менеджер"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    submitted_at = models.DateTimeField(_("отправлен"))
    confirmed_at = models.DateTimeField(_("подтвержден"), null=True, blank=True)

    objects = OrderQuerySet.as_manager()

    class Meta:
        verbose_name = _("заказ")
        verbose_name_plural = _("заказы")
        indexes = [
            # What charts add up comes along: of thousands of orders none is read itself.
            models.Index(
                fields=["legal_entity", "-submitted_at"],
                include=["id", "created_by", *_ADDED_UP],
                name="order_entity_newest",
            ),
            models.Index(fields=["-submitted_at", "-id"], include=_ADDED_UP, name="order_newest"),
            models.Index(
                fields=["state"],
                condition=~Q(state__in=["completed", "cancelled", "rejected", "shipped"]),
                name="order_under_way",
            ),
            GinIndex(Pieces("number", "client_reference", "erp_number"), name="order_numbers"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(total__gte=0, vat_total__gte=0, vat_total__lte=F("total")),
                name="order_totals_sane",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(IN_WORK)) | Q(confirmed_at__isnull=False),
                name="order_confirmed_has_moment",
            ),
            models.CheckConstraint(
                condition=~Q(origin="portal") | Q(created_by__isnull=False), name="order_portal_has_author"
            ),
            models.CheckConstraint(
                condition=~Q(origin="erp") | ~Q(erp_number=""), name="order_erp_has_number"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    @property
    def label(self) -> str:
        """How people call the order: our number, or 1C's where the order was born there."""
        if self.is_from_erp:
            return _t("№ {number} из 1С").format(number=self.erp_number)
        return self.number

    @property
    def is_from_erp(self) -> bool:
        return self.origin == OrderOrigin.ERP

    @property
    def author_name(self) -> str:
        """Who ordered; an order of 1C has nobody here."""
        return self.created_by.get_full_name() if self.created_by else ""

    @property
    def buyer_id(self) -> int:
        """The legal entity that may buy the same again: the heir of one that was merged."""
        return self.legal_entity.merged_into_id or self.legal_entity_id

    @property
    def reference(self) -> str:
        """How documents and payments name the order, which lies above them or beside."""
        return order_reference(self.pk)

    @property
    def is_unsent(self) -> bool:
        """Gathered by one who may not send it: a colleague has to approve."""
        return self.state == OrderState.ON_APPROVAL

    @property
    def is_in_work(self) -> bool:
        """Confirmed and not given up."""
        return self.state in IN_WORK

    @property
    def is_given_up(self) -> bool:
        """Cancelled or turned down: nothing is owed and nothing will come."""
        return self.state in GIVEN_UP


class OrderPart(models.Model):
    """What 1C gets as one document: one organization, contract, warehouse and VAT rate.

    `erp_` and what follows are 1C's word of its document; paid and shipped mean wholly.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey(Order, on_delete=models.PROTECT, related_name="parts")
    number = models.CharField(_("номер для 1С"), max_length=11, unique=True)
    warehouse = models.ForeignKey(
        Warehouse,
        verbose_name=_("склад"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        help_text=_("Пусто, если 1С не назвала склад."),
    )
    vat_percent = models.DecimalField(_("НДС, %"), max_digits=4, decimal_places=2, null=True, blank=True)
    total = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)
    delivery_days = models.PositiveSmallIntegerField(_("срок доставки, дней"), default=0)
    ships_on = models.DateField(_("отгрузка по плану"), null=True, blank=True)
    version = models.PositiveIntegerField(_("версия"), default=1)
    erp_number = models.CharField(_("номер в 1С"), max_length=50, blank=True)
    accepted_at = models.DateTimeField(_("принят в 1С"), null=True, blank=True)
    erp_date = models.DateField(_("дата в 1С"), null=True, blank=True)
    erp_state_text = models.CharField(_("состояние в 1С"), max_length=100, blank=True)
    erp_target = models.CharField(
        _("что значит состояние в 1С"), max_length=14, choices=OrderState, blank=True, db_default=""
    )
    erp_total = models.DecimalField(_("сумма в 1С"), max_digits=18, decimal_places=2, null=True, blank=True)
    # Of a part 1C tells only in its JSON channel; empty where it has told nothing.
    erp_paid_sum = models.DecimalField(
        _("оплачено по данным 1С"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    erp_shipped_sum = models.DecimalField(
        _("отгружено по данным 1С"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    erp_version = models.CharField(_("версия в 1С"), max_length=50, blank=True)
    erp_formed_at = models.DateTimeField(_("сведения 1С на"), null=True, blank=True)
    is_erp_aside = models.BooleanField(
        _("строки и суммы 1С только для сведения"), default=False, db_default=False
    )
    is_posted = models.BooleanField(_("проведен"), default=False)
    is_cancelled = models.BooleanField(_("отменен в 1С"), default=False)
    is_paid = models.BooleanField(_("оплачен полностью"), default=False)
    paid_on = models.DateField(_("оплачен"), null=True, blank=True)
    is_shipped = models.BooleanField(_("отгружен полностью"), default=False)
    shipped_on = models.DateField(_("отгружен"), null=True, blank=True)

    class Meta:
        verbose_name = _("часть заказа")
        verbose_name_plural = _("части заказа")
        indexes = [GinIndex(Pieces("erp_number"), name="order_part_numbers")]
        constraints = [
            models.UniqueConstraint(
                fields=["order", "warehouse", "vat_percent"],
                nulls_distinct=False,
                name="order_part_unique",
            ),
            models.CheckConstraint(
                condition=Q(paid_on__isnull=True) | Q(is_paid=True), name="order_part_paid_has_flag"
            ),
            models.CheckConstraint(
                condition=Q(shipped_on__isnull=True) | Q(is_shipped=True), name="order_part_shipped_has_flag"
            ),
            models.CheckConstraint(
                condition=(Q(erp_paid_sum__isnull=True) | Q(erp_paid_sum__gte=0))
                & (Q(erp_shipped_sum__isnull=True) | Q(erp_shipped_sum__gte=0)),
                name="order_part_erp_sums_not_negative",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_erp(self) -> bool:
        """1C has taken it or has spoken of it, and has not given it up."""
        return not self.is_cancelled and (self.accepted_at is not None or self.erp_formed_at is not None)

    @property
    def sum_now(self) -> Decimal:
        """What it comes to with VAT: 1C's sum where it told one and its word counts."""
        return self.total if self.erp_total is None or self.is_erp_aside else self.erp_total

    @property
    def reference(self) -> str:
        """How the ledger and the reserve of the limit name the part."""
        return f"part:{self.pk}"


class OrderLine(models.Model):
    """What was ordered; name, unit, price and VAT are frozen."""

    part = models.ForeignKey(OrderPart, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveIntegerField(_("№"))
    sku = models.ForeignKey(Sku, verbose_name=_("позиция"), on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("наименование"), max_length=800)
    article = models.CharField(_("артикул"), max_length=100, blank=True)
    unit_code = models.CharField(_("код единицы"), max_length=4, blank=True)
    unit_name = models.CharField(_("единица"), max_length=50)
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    quantity_before = models.DecimalField(
        _("заказывали"),
        max_digits=15,
        decimal_places=3,
        null=True,
        blank=True,
        help_text=_("До изменений заказа; пусто, если их не было."),
    )
    price = models.DecimalField(_("цена"), max_digits=18, decimal_places=4)
    vat_percent = models.DecimalField(_("НДС, %"), max_digits=4, decimal_places=2, null=True, blank=True)
    client_reference = models.CharField(_("номер строки у клиента"), max_length=50, blank=True, db_default="")
    comment = models.CharField(_("комментарий"), max_length=300, blank=True, db_default="")
    desired_date = models.DateField(_("нужно к"), null=True, blank=True)
    net = models.DecimalField(_("сумма без НДС"), max_digits=18, decimal_places=2)
    vat = models.DecimalField(_("НДС"), max_digits=18, decimal_places=2)
    gross = models.DecimalField(_("сумма с НДС"), max_digits=18, decimal_places=2)

    class Meta:
        verbose_name = _("строка заказа")
        verbose_name_plural = _("строки заказа")
        constraints = [
            models.UniqueConstraint(fields=["part", "position"], name="order_line_position_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0) | Q(quantity=0, quantity_before__gt=0),
                name="order_line_quantity_positive",
            ),
            models.CheckConstraint(
                condition=Q(quantity_before__isnull=True) | Q(quantity_before__gt=F("quantity")),
                name="order_line_only_shrinks",
            ),
            models.CheckConstraint(condition=Q(gross=F("net") + F("vat")), name="order_line_amount_adds_up"),
        ]

    def __str__(self) -> str:
        return f"{self.name} × {self.quantity}"

    @property
    def words(self) -> str:
        """What the client said of the line, in one text; nothing where he was silent."""
        day = self.desired_date and _t("нужно к {date}").format(date=format_date(self.desired_date))
        number = self.client_reference and f"№ {self.client_reference}"
        return " · ".join(text for text in (number, day, self.comment) if text)

    @property
    def price_text(self) -> str:
        """The unit price as pages print it, with parts of a kopeck where it has them."""
        return format_price(self.price)
