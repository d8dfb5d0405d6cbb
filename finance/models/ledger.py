"""The append-only ledger of settlements, and which money paid for what."""

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING, Literal, Self, cast

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import DecimalField, Exists, F, OuterRef, Q, Subquery, Sum, Value
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity, Organization
from counterparties.reach import reach
from finance.states import LedgerKind, LedgerSource

if TYPE_CHECKING:
    from counterparties.actor import Actor


_ALL = 100_000_000


class LedgerEntryQuerySet(models.QuerySet["LedgerEntry"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Entries of the legal entities whose money the actor may see, and of those merged into them."""
        return self.filter(reach(actor, Permission.FINANCE_VIEW))

    def debits_left(self, on: date | None = None) -> Self:
        """Debits that are not paid wholly, each with `left`; as of the end of a day, or of now."""
        owed = self.filter(debit__gt=0) if on is None else self.filter(debit__gt=0, business_date__lte=on)
        return owed._left("debit", on)

    def credits_left(self, on: date | None = None) -> Self:
        """Credits that have not paid for something wholly, each with `left`."""
        paid = self.filter(credit__gt=0) if on is None else self.filter(credit__gt=0, business_date__lte=on)
        return paid._left("credit", on)

    def _left(self, side: Literal["debit", "credit"], on: date | None) -> Self:
        """Entries that are not matched wholly; narrow them before, not after.

        Most are matched by one allocation: these are passed over first, by a subquery that is sliced so that
        it is done by itself. Only of the rest allocations are summed up.
        """
        at_once = Allocation.objects.filter(**{side: OuterRef("pk")}, amount__gte=OuterRef(side))
        if on is not None:
            at_once = at_once.filter(date__lte=on)
        rest = self.exclude(Exists(at_once)).order_by().values("pk")[:_ALL]
        entries = cast("Self", self.model._default_manager.filter(pk__in=rest))
        return entries.annotate(left=F(side) - allocated(side, on=on)).filter(left__gt=0)


def allocated(side: Literal["debit", "credit"], *, on: date | None = None) -> Coalesce:
    """How much of an entry is allocated, for `annotate`.

    A look into the index for each entry: put together by a join, a large client's tens of thousands of
    entries cost ten times as much.
    """
    matched = Allocation.objects.filter(**{side: OuterRef("pk")})
    if on is not None:
        matched = matched.filter(date__lte=on)
    total = matched.order_by().values(side).annotate(total=Sum("amount")).values("total")
    money: DecimalField[Decimal, Decimal] = DecimalField(max_digits=18, decimal_places=2)
    return Coalesce(Subquery(total, output_field=money), Value(Decimal(0)), output_field=money)


class LedgerEntry(models.Model):
    """One side of settlements of (organization, legal entity, contract, currency). Append-only.

    Debit is what the client owes us, credit what he has paid or given back; one of them is above zero.
    A changed document is a reversal and a new entry. `document_key` names the document in the words of
    whoever posts it (`erp_document:17`); with kind, part and version it makes posting idempotent.
    `payment_key` is the payment's id at the provider: the portal's own entry and the later one of 1C have
    the same. References name what lies above: `part:17` is a part of an order.
    """

    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="+"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="ledger"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, related_name="ledger"
    )
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    kind = models.CharField(_("операция"), max_length=10, choices=LedgerKind)
    document_key = models.CharField(max_length=100)
    part_no = models.PositiveSmallIntegerField(default=1)
    version = models.CharField(_("версия"), max_length=64, blank=True)
    document_number = models.CharField(_("номер документа"), max_length=50, blank=True)
    document_date = models.DateField(_("дата документа"))
    business_date = models.DateField(_("дата операции"))
    debit = models.DecimalField(_("дебет"), max_digits=18, decimal_places=2, default=0)
    credit = models.DecimalField(_("кредит"), max_digits=18, decimal_places=2, default=0)
    due_date = models.DateField(_("срок оплаты"), null=True, blank=True)
    order_reference = models.CharField(_("заказ"), max_length=50, blank=True)
    invoice_reference = models.CharField(_("счет"), max_length=50, blank=True)
    shipment_key = models.CharField(
        max_length=100, blank=True, help_text=_("Ключ отгрузки, которой касается возврат или оплата.")
    )
    payment_key = models.CharField(_("платеж у провайдера"), max_length=64, blank=True)
    paid_by = models.ForeignKey(
        LegalEntity,
        verbose_name=_("заплатил"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Если платил не должник."),
    )
    source = models.CharField(_("источник"), max_length=6, choices=LedgerSource)
    reverses = models.OneToOneField(
        "self",
        verbose_name=_("сторнирует"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="reversed_by",
    )
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    comment = models.CharField(_("комментарий"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("записано"))

    objects = LedgerEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("запись взаиморасчетов")
        verbose_name_plural = _("записи взаиморасчетов")
        constraints = [
            models.CheckConstraint(
                condition=Q(debit__gt=0, credit=0) | Q(debit=0, credit__gt=0), name="ledger_entry_one_side"
            ),
            models.CheckConstraint(
                condition=Q(due_date__isnull=True) | Q(debit__gt=0), name="ledger_entry_due_is_debit"
            ),
            models.UniqueConstraint(
                fields=["document_key", "kind", "part_no", "version"],
                condition=Q(reverses__isnull=True),
                name="ledger_entry_document_unique",
            ),
            models.CheckConstraint(
                condition=~Q(source="manual") | Q(recorded_by__isnull=False),
                name="ledger_entry_manual_author",
            ),
        ]
        indexes = [
            models.Index(fields=["contract", "currency", "business_date"], name="ledger_entry_key"),
            models.Index(fields=["contract"], include=["debit", "credit"], name="ledger_entry_balance"),
            models.Index(
                fields=["legal_entity", "due_date"],
                include=["id", "debit", "business_date", "currency"],
                condition=Q(debit__gt=0),
                name="ledger_entry_debits",
            ),
            models.Index(
                fields=["contract", "due_date"],
                include=["id", "debit", "business_date", "currency"],
                condition=Q(debit__gt=0),
                name="ledger_entry_due",
            ),
            models.Index(
                fields=["contract"],
                include=["id", "credit", "business_date"],
                condition=Q(credit__gt=0),
                name="ledger_entry_credits",
            ),
            models.Index(  # money that names what it is for
                fields=["contract"],
                include=["id", "credit", "kind", "order_reference", "reverses"],
                condition=Q(credit__gt=0) & ~Q(order_reference=""),
                name="ledger_entry_linked",
            ),
            models.Index(
                fields=["order_reference"], condition=~Q(order_reference=""), name="ledger_entry_order"
            ),
            models.Index(fields=["payment_key"], condition=~Q(payment_key=""), name="ledger_entry_payment"),
        ]
        triggers = [pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)]

    def __str__(self) -> str:
        # Not `get_kind_display`: it translates all kinds for each entry of a long list.
        return f"{LedgerKind(self.kind).label} {self.document_number}".strip()


class Allocation(models.Model):
    """So much of a credit entry pays for so much of a debit entry of the same contract and currency.

    Explicit ones were named by 1C or a person and stay; the others follow from the rule and are made anew.
    """

    credit = models.ForeignKey(
        LedgerEntry, on_delete=models.PROTECT, related_name="spent", db_index=False
    )  # the unique constraint and the index below begin with it
    debit = models.ForeignKey(LedgerEntry, on_delete=models.PROTECT, related_name="covered", db_index=False)
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)
    date = models.DateField(_("дата"))
    is_explicit = models.BooleanField(_("указано документом"), default=False)

    class Meta:
        verbose_name = _("разнесение")
        verbose_name_plural = _("разнесения")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="allocation_positive"),
            models.CheckConstraint(condition=~Q(credit=F("debit")), name="allocation_two_entries"),
            models.UniqueConstraint(
                fields=["credit", "debit", "date", "is_explicit"], name="allocation_unique"
            ),
        ]
        indexes = [
            models.Index(fields=["debit"], include=["amount", "date"], name="allocation_of_debit"),
            models.Index(fields=["credit"], include=["amount", "date"], name="allocation_of_credit"),
        ]

    def __str__(self) -> str:
        return f"{self.credit_id} → {self.debit_id}: {self.amount}"


class ThirdPartyPaymentQuerySet(models.QuerySet["ThirdPartyPayment"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Money of the payers whose settlements the actor may see."""
        return self.filter(reach(actor, Permission.FINANCE_VIEW, entity="payer"))


class ThirdPartyPayment(models.Model):
    """Money of one legal entity for the debt of another (ст. 313 ГК): a manager has to confirm it.

    Until then it is among the payer's unassigned money; confirmed it is a credit entry of the debtor.
    """

    payer = models.ForeignKey(
        LegalEntity, verbose_name=_("плательщик"), on_delete=models.PROTECT, related_name="paid_for_others"
    )
    contract = models.ForeignKey(
        Contract,
        verbose_name=_("договор должника"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        help_text=_("Как понято из назначения платежа."),
    )
    organization = models.ForeignKey(
        Organization, verbose_name=_("организация"), on_delete=models.PROTECT, related_name="+"
    )
    document_key = models.CharField(max_length=100, unique=True)
    document_number = models.CharField(_("номер документа"), max_length=50, blank=True)
    paid_on = models.DateField(_("дата"))
    amount = models.DecimalField(_("сумма"), max_digits=18, decimal_places=2)
    currency = models.CharField(_("валюта"), max_length=3, default="RUB")
    purpose = models.CharField(_("назначение"), max_length=300, blank=True)
    payment_key = models.CharField(max_length=64, blank=True)
    received_at = models.DateTimeField(_("получен"))
    entry = models.OneToOneField(
        LedgerEntry,
        verbose_name=_("запись"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    confirmed_at = models.DateTimeField(_("подтвержден"), null=True, blank=True)

    objects = ThirdPartyPaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("платеж за другое юрлицо")
        verbose_name_plural = _("платежи за другие юрлица")
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="third_party_payment_positive"),
            models.CheckConstraint(
                condition=Q(entry__isnull=True, confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(entry__isnull=False, confirmed_at__isnull=False, confirmed_by__isnull=False),
                name="third_party_payment_confirmed_whole",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.payer}: {self.amount}"
