"""Claims: what came otherwise than it was shipped, and what becomes of it."""

import uuid
from datetime import datetime
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Holding, LegalEntity
from counterparties.reach import reach
from orders.claim_states import OPEN_CLAIMS, ClaimKind, ClaimState, ClaimWish
from orders.models.erp import ErpDocument, ErpDocumentLine, ErpRow
from orders.models.orders import Order
from orders.states import StepSource
from portal.audit.tracking import tracked
from portal.files.models import StoredFile

if TYPE_CHECKING:
    from counterparties.actor import Actor

CLAIM = "claim:"
"""How references to claims begin."""


def claim_reference(pk: int) -> str:
    """Name a claim for apps that know no claims: `claim:7`."""
    return f"{CLAIM}{pk}"


class ClaimQuerySet(models.QuerySet["Claim"]):
    def visible_to(self, actor: "Actor") -> Self:
        """As far as ORDER_VIEW reaches; of one who sees his own: claims by him or to his orders."""
        own = reach(actor, Permission.ORDER_VIEW, author="created_by")
        to_own_orders = reach(actor, Permission.ORDER_VIEW, author="shipment__part__order__created_by")
        return self.filter(own | to_own_orders)

    def open(self) -> Self:
        """Those that wait for an answer."""
        return self.filter(state__in=OPEN_CLAIMS)


@tracked("number", "state", "answer", "credit_reference", "credit_sum")
class Claim(models.Model):
    """Рекламация to one shipment of 1C. Money with VAT, in the currency of the order.

    `credit_reference` names what the credit was posted by, as the ledger does: `erp_document:5`, a return
    of 1C or of the portal, or `received:7`, a paper of 1C; beside that one `credit_paper` is the return of
    the same goods, once it has come.
    """

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    number = models.CharField(_("номер"), max_length=8, unique=True, editable=False)
    holding = models.ForeignKey(
        Holding, verbose_name=_("клиент"), on_delete=models.PROTECT, related_name="claims"
    )
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="claims"
    )
    shipment = models.ForeignKey(
        ErpDocument, verbose_name=_("отгрузка"), on_delete=models.PROTECT, related_name="claims"
    )
    kind = models.CharField(_("вид"), max_length=8, choices=ClaimKind)
    wish = models.CharField(_("что сделать"), max_length=7, choices=ClaimWish)
    state = models.CharField(_("состояние"), max_length=15, choices=ClaimState, default=ClaimState.SUBMITTED)
    comment = models.TextField(_("описание"), max_length=2000, blank=True)
    answer = models.CharField(_("ответ"), max_length=500, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("подал"), on_delete=models.PROTECT, related_name="+"
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("подал менеджер"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("подана"))
    answer_due_at = models.DateTimeField(_("ответить до"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("решил"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    decided_at = models.DateTimeField(_("решена"), null=True, blank=True)
    credited_at = models.DateTimeField(_("зачтена"), null=True, blank=True)
    credit_reference = models.CharField(_("чем зачтена"), max_length=40, blank=True, editable=False)
    credit_sum = models.DecimalField(
        _("зачтено с НДС"), max_digits=18, decimal_places=2, null=True, blank=True
    )
    credit_paper = models.ForeignKey(
        ErpDocument,
        verbose_name=_("возврат"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="credited_claims",
    )
    is_credited_here = models.BooleanField(
        _("возврат оформлен порталом"), default=False, help_text=_("1С о нём ещё не сказала своего слова.")
    )
    follow_up = models.ForeignKey(
        Order,
        verbose_name=_("заказ взамен"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    idempotency_key = models.UUIDField(unique=True, editable=False)

    objects = ClaimQuerySet.as_manager()

    class Meta:
        verbose_name = _("рекламация")
        verbose_name_plural = _("рекламации")
        indexes = [
            models.Index(fields=["legal_entity", "-created_at"], name="claim_entity_newest"),
            models.Index(
                fields=["answer_due_at"],
                condition=Q(state__in=["submitted", "in_work"]),
                name="claim_answer_due",
            ),
        ]
        constraints = [
            models.CheckConstraint(
                condition=~Q(state="rejected") | ~Q(answer=""), name="claim_rejected_has_reason"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["submitted", "in_work", "withdrawn"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="claim_decided_has_moment",
            ),
            models.CheckConstraint(
                condition=(Q(state="credited") & ~Q(credit_reference="") & Q(credited_at__isnull=False))
                | (~Q(state="credited") & Q(credit_reference="", credited_at__isnull=True)),
                name="claim_credited_has_reference",
            ),
            models.UniqueConstraint(
                fields=["credit_reference"], condition=~Q(credit_reference=""), name="claim_credit_once"
            ),
        ]

    def __str__(self) -> str:
        return f"№ {self.number}"

    @property
    def reference(self) -> str:
        """How talk and notices name the claim, which lies above them."""
        return claim_reference(self.pk)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_CLAIMS

    def is_late(self, at: datetime) -> bool:
        """The answer is owed and the promised time is over."""
        return self.is_open and at > self.answer_due_at


class ClaimLine(ErpRow):
    """So much of a row of the shipment, as the row stood when the claim was made; its place in the paper.

    1C may write the shipment anew: `row` is then empty or another quantity, what was claimed stays.
    `shipped` is the quantity by the paper, `gross` the sum of `quantity`.
    """

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="lines")
    row = models.ForeignKey(
        ErpDocumentLine, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shipped = models.DecimalField(_("отгружено"), max_digits=15, decimal_places=3)
    approved = models.DecimalField(_("одобрено"), max_digits=15, decimal_places=3, null=True, blank=True)
    note = models.CharField(_("замечание"), max_length=200, blank=True)
    reason = models.CharField(_("причина решения"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("строка рекламации")
        verbose_name_plural = _("строки рекламации")
        constraints = [
            models.UniqueConstraint(fields=["claim", "position"], name="claim_line_position_unique"),
            models.CheckConstraint(
                condition=Q(quantity__gt=0, quantity__lte=F("shipped"), gross__gte=0), name="claim_line_sane"
            ),
            models.CheckConstraint(
                condition=Q(approved__isnull=True) | Q(approved__gte=0, approved__lte=F("quantity")),
                name="claim_line_approved_within",
            ),
        ]


class ClaimFile(models.Model):
    """A photo or a paper that shows what is wrong."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, on_delete=models.PROTECT, related_name="+")
    name = models.CharField(_("имя"), max_length=150)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField(_("загружен"))

    class Meta:
        verbose_name = _("файл рекламации")
        verbose_name_plural = _("файлы рекламаций")
        constraints = [models.UniqueConstraint(fields=["claim", "file"], name="claim_file_once")]

    def __str__(self) -> str:
        return self.name


class ClaimStep(models.Model):
    """A move of a claim, or 1C's word of it; never changed afterwards."""

    claim = models.ForeignKey(Claim, on_delete=models.CASCADE, related_name="steps")
    state = models.CharField(_("состояние"), max_length=15, choices=ClaimState)
    comment = models.CharField(_("комментарий"), max_length=500, blank=True)
    source = models.CharField(_("кто"), max_length=6, choices=StepSource, default=StepSource.PORTAL)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    acting_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("когда"))

    class Meta:
        verbose_name = _("шаг рекламации")
        verbose_name_plural = _("шаги рекламаций")
        indexes = [models.Index(fields=["claim", "id"], name="claim_step_order")]

    def __str__(self) -> str:
        return self.get_state_display()
