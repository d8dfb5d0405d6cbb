"""Requests of prices, and what the distributor offers: versions that are never changed."""

import uuid
from typing import TYPE_CHECKING, Self

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from catalog.models import City, Sku
from counterparties.models import Contract, Holding, LegalEntity
from counterparties.reach import reach
from orders.models.orders import Order
from orders.quote_states import QUOTE_WAITING, QuoteState
from portal.audit.tracking import tracked

if TYPE_CHECKING:
    from counterparties.actor import Actor


QUOTE = "quote:"
"""How references to requests of prices begin."""


class QuoteQuerySet(models.QuerySet["Quote"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Requests as far as ORDER_VIEW reaches; a manager sees those of the clients he serves."""
        return self.filter(reach(actor, Permission.ORDER_VIEW, author="created_by"))

    def asked_by(self, actor: "Actor") -> Self:
        """Visible ones that a client's person may also move: as far as ORDER_CREATE reaches."""
        if not actor.is_client:
            return self.none()
        return self.visible_to(actor).filter(reach(actor, Permission.ORDER_CREATE, author="created_by"))

    def waiting(self) -> Self:
        """Those to which a manager owes an answer."""
        return self.filter(state__in=sorted(QUOTE_WAITING))


@tracked("number", "state", "version", "valid_until", "taken_by")
class Quote(models.Model):
    """A client asks what goods would cost; the answers are its offers, an accepted one becomes an order.

    `version` is that of the newest offer, nought while there is none, and `valid_until` its last day.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("номер"), max_length=8, unique=True, editable=False)
    idempotency_key = models.UUIDField(unique=True, editable=False)
    request_digest = models.CharField(max_length=64, editable=False)
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="quotes"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="quotes"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="+"
    )
    city = models.ForeignKey(City, verbose_name=_("город"), on_delete=models.PROTECT, related_name="+")
    state = models.CharField(_("состояние"), max_length=15, choices=QuoteState, default=QuoteState.SUBMITTED)
    comment = models.TextField(_("комментарий"), max_length=2000, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("спросил"), on_delete=models.PROTECT, related_name="+"
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("спросил менеджер"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("когда"))
    answer_due_at = models.DateTimeField(_("ответить до"), null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("отвечает"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    version = models.PositiveSmallIntegerField(_("версия предложения"), default=0)
    valid_until = models.DateField(_("цены действуют до"), null=True, blank=True)
    is_vat_included = models.BooleanField(_("цены с НДС"), default=True)
    order = models.OneToOneField(
        Order, verbose_name=_("заказ"), on_delete=models.PROTECT, null=True, blank=True, related_name="quote"
    )

    objects = QuoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос цен")
        verbose_name_plural = _("запросы цен")
        indexes = [
            models.Index(fields=["legal_entity", "-created_at"], name="quote_entity_newest"),
            models.Index(
                fields=["answer_due_at"],
                condition=Q(state__in=["submitted", "in_work"]),
                name="quote_waiting",
            ),
            models.Index(fields=["valid_until"], condition=Q(state="offered"), name="quote_offered"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(version=0, valid_until__isnull=True)
                | Q(version__gt=0, valid_until__isnull=False),
                name="quote_offer_has_day",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["offered", "accepted", "partly_accepted", "expired"])
                | Q(version__gt=0),
                name="quote_offered_has_version",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["accepted", "partly_accepted"], order__isnull=False)
                | (~Q(state__in=["accepted", "partly_accepted"]) & Q(order__isnull=True)),
                name="quote_accepted_has_order",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "in_work"], answer_due_at__isnull=False)
                | (~Q(state__in=["submitted", "in_work"]) & Q(answer_due_at__isnull=True)),
                name="quote_waiting_has_term",
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def reference(self) -> str:
        """How talks and notices name the request."""
        return f"{QUOTE}{self.pk}"

    @property
    def is_waiting(self) -> bool:
        """The manager owes an answer."""
        return self.state in QUOTE_WAITING


class QuoteLine(models.Model):
    """What is asked for: a good, or in words what the catalogue has not. Quantities in base units.

    `price_then` is what the good cost the client when he asked; empty where it had no price.
    """

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="lines")
    position = models.PositiveSmallIntegerField(_("№"))
    sku = models.ForeignKey(
        Sku, verbose_name=_("позиция"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    text = models.CharField(_("наименование"), max_length=800)
    unit_name = models.CharField(_("единица"), max_length=50, blank=True)
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    target_price = models.DecimalField(
        _("желаемая цена"), max_digits=18, decimal_places=4, null=True, blank=True
    )
    desired_date = models.DateField(_("нужно к"), null=True, blank=True)
    comment = models.CharField(_("комментарий"), max_length=300, blank=True)
    price_then = models.DecimalField(
        _("цена при запросе"), max_digits=18, decimal_places=4, null=True, blank=True
    )

    class Meta:
        verbose_name = _("строка запроса")
        verbose_name_plural = _("строки запроса")
        constraints = [
            models.UniqueConstraint(fields=["quote", "position"], name="quote_line_position_unique"),
            models.UniqueConstraint(fields=["quote", "sku"], name="quote_line_sku_unique"),
            models.CheckConstraint(condition=~Q(text=""), name="quote_line_named"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0)
                & (Q(target_price__isnull=True) | Q(target_price__gt=0))
                & (Q(price_then__isnull=True) | Q(price_then__gt=0)),
                name="quote_line_sane",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.text} × {self.quantity}"


class QuoteOffer(models.Model):
    """Коммерческое предложение: one version of the answer, frozen once it was sent."""

    quote = models.ForeignKey(Quote, on_delete=models.PROTECT, related_name="offers")
    version = models.PositiveSmallIntegerField(_("версия"))
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто ответил"), on_delete=models.PROTECT, related_name="+"
    )
    created_at = models.DateTimeField(_("когда"))
    valid_until = models.DateField(_("действует до"))
    comment = models.CharField(_("комментарий"), max_length=1000, blank=True)
    is_below_floor = models.BooleanField(
        _("есть цены ниже порога"), default=False, help_text=_("Менеджер подтвердил их.")
    )

    class Meta:
        verbose_name = _("коммерческое предложение")
        verbose_name_plural = _("коммерческие предложения")
        constraints = [
            models.UniqueConstraint(fields=["quote", "version"], name="quote_offer_version_unique"),
            models.CheckConstraint(condition=Q(version__gt=0), name="quote_offer_version_positive"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="quote_offer_frozen"),
            pgtrigger.Protect(name="quote_offer_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.quote_id}: {self.version}"


class QuoteOfferLine(models.Model):
    """What is offered for a line, the same good or another instead; without a price it is declined.

    Price of one base unit in RUB, with or without VAT as the request's prices are.
    """

    offer = models.ForeignKey(QuoteOffer, on_delete=models.PROTECT, related_name="lines")
    line = models.ForeignKey(QuoteLine, on_delete=models.PROTECT, related_name="offered")
    sku = models.ForeignKey(
        Sku, verbose_name=_("позиция"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    price = models.DecimalField(_("цена"), max_digits=18, decimal_places=4, null=True, blank=True)
    quantity = models.DecimalField(_("количество"), max_digits=15, decimal_places=3)
    ready_date = models.DateField(_("будет готово"), null=True, blank=True)
    note = models.CharField(_("примечание"), max_length=300, blank=True)

    class Meta:
        verbose_name = _("строка предложения")
        verbose_name_plural = _("строки предложения")
        constraints = [
            models.UniqueConstraint(fields=["offer", "line"], name="quote_offer_line_unique"),
            models.UniqueConstraint(
                fields=["offer", "sku"], condition=Q(price__isnull=False), name="quote_offer_sku_unique"
            ),
            models.CheckConstraint(
                condition=Q(price__isnull=True) | Q(price__gt=0, sku__isnull=False),
                name="quote_offer_price_has_good",
            ),
            models.CheckConstraint(condition=Q(quantity__gt=0), name="quote_offer_quantity_positive"),
        ]
        triggers = [
            pgtrigger.ReadOnly(name="quote_offer_line_frozen"),
            pgtrigger.Protect(name="quote_offer_line_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.line_id}: {self.price}"


class QuoteStep(models.Model):
    """One move of a request: when, by whom, with which version of the offer."""

    quote = models.ForeignKey(Quote, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("состояние"), max_length=15, choices=QuoteState)
    version = models.PositiveSmallIntegerField(_("версия"), default=0)
    at = models.DateTimeField(_("когда"))
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(_("комментарий"), max_length=1000, blank=True)

    class Meta:
        verbose_name = _("шаг запроса цен")
        verbose_name_plural = _("история запроса цен")

    def __str__(self) -> str:
        return f"{self.quote_id}: {self.state}"
