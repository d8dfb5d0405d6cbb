"""What clients ask 1C for, and papers whose orders are not known yet."""

import uuid
from typing import TYPE_CHECKING, Self

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.permissions import Permission
from counterparties.models import Contract, LegalEntity
from counterparties.reach import reach
from documents.models import ReceivedDocument
from integrations.models.nodes import ExchangeNode
from orders.models import Claim, ErpDocument, OrderPart, ShipmentRequest

if TYPE_CHECKING:
    from counterparties.actor import Actor


class RequestKind(models.TextChoices):
    ACT = "act_request", _("Акт сверки")
    INVOICE = "invoice_request", _("Счет")
    FILE = "file_request", _("Оригинал документа")
    SHIPMENT = "shipment_request", _("Заявка на отгрузку")
    CLAIM = "claim_request", _("Рекламация")


class RequestState(models.TextChoices):
    """Where a request stands: asked, fetched by 1C, answered with a paper or refused."""

    WAITING = "waiting", _("Ждет 1С")
    TAKEN = "taken", _("1С готовит")
    ANSWERED = "answered", _("Получен")
    REFUSED = "refused", _("Отказ")


OPEN = (RequestState.WAITING.value, RequestState.TAKEN.value)


class ErpRequestQuerySet(models.QuerySet["ErpRequest"]):
    def visible_to(self, actor: "Actor") -> Self:
        """Requests for acts as far as FINANCE_VIEW reaches, for papers as far as DOCUMENT_VIEW does."""
        acts = reach(actor, Permission.FINANCE_VIEW, author="created_by") & Q(kind=RequestKind.ACT)
        papers = reach(actor, Permission.DOCUMENT_VIEW, author="created_by") & ~Q(kind=RequestKind.ACT)
        return self.filter(acts | papers)


class ErpRequest(models.Model):
    """One paper that 1C is asked for, goods to ship or a claim; `answer` is the paper that it sent."""

    uid = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    node = models.ForeignKey(
        ExchangeNode, verbose_name=_("база 1С"), on_delete=models.CASCADE, related_name="requests"
    )
    kind = models.CharField(_("что"), max_length=16, choices=RequestKind)
    legal_entity = models.ForeignKey(
        LegalEntity, verbose_name=_("юрлицо"), on_delete=models.PROTECT, related_name="+"
    )
    contract = models.ForeignKey(
        Contract, verbose_name=_("договор"), on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    period_from = models.DateField(_("с"), null=True, blank=True)
    period_to = models.DateField(_("по"), null=True, blank=True)
    part = models.ForeignKey(
        OrderPart,
        verbose_name=_("часть заказа"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    paper = models.ForeignKey(
        ErpDocument,
        verbose_name=_("документ 1С по заказу"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
    )
    shipment = models.ForeignKey(
        ShipmentRequest,
        verbose_name=_("заявка на отгрузку"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="erp_requests",
    )
    claim = models.ForeignKey(
        Claim,
        verbose_name=_("рекламация"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="erp_requests",
    )
    state = models.CharField(_("состояние"), max_length=8, choices=RequestState, default=RequestState.WAITING)
    reason = models.CharField(_("причина отказа"), max_length=300, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("кто"), on_delete=models.PROTECT, related_name="+"
    )
    impersonator = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("вошел от его имени"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
    )
    created_at = models.DateTimeField(_("запрошен"))
    taken_at = models.DateTimeField(_("получен 1С"), null=True, blank=True)
    answered_at = models.DateTimeField(_("отвечен"), null=True, blank=True)
    answer = models.ForeignKey(
        ReceivedDocument,
        verbose_name=_("ответ"),
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="requests",
    )

    objects = ErpRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("запрос в 1С")
        verbose_name_plural = _("запросы в 1С")
        indexes = [models.Index(fields=["legal_entity", "-created_at"], name="erp_request_newest")]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "node", "kind", "legal_entity", "contract", "period_from", "period_to", "part", "paper",
                    "shipment", "claim",
                ],
                condition=Q(state__in=OPEN),
                nulls_distinct=False,
                name="erp_request_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(kind="act_request")
                | Q(period_from__isnull=False, period_to__isnull=False, period_from__lte=F("period_to")),
                name="erp_request_act_has_period",
            ),
            models.CheckConstraint(
                condition=(~Q(kind="act_request") | Q(contract__isnull=False))
                & (~Q(kind="invoice_request") | Q(part__isnull=False))
                & (~Q(kind="file_request") | Q(paper__isnull=False))
                & (~Q(kind="shipment_request") | Q(shipment__isnull=False))
                & (~Q(kind="claim_request") | Q(claim__isnull=False)),
                name="erp_request_names_its_object",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(reason=""), name="erp_request_refusal_has_reason"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered")
                | Q(answer__isnull=False)
                | Q(kind__in=["shipment_request", "claim_request"]),
                name="erp_request_answered_has_paper",
            ),
        ]  # fmt: skip

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.uid}"


class PaperOrderRef(models.Model):
    """An order that a paper of 1C names and that is not known here yet; looked for again for a month."""

    node = models.ForeignKey(ExchangeNode, on_delete=models.CASCADE, related_name="+", db_index=False)
    document = models.ForeignKey(ReceivedDocument, on_delete=models.CASCADE, related_name="+", db_index=False)
    ref = models.CharField(max_length=170)
    since = models.DateTimeField()

    class Meta:
        verbose_name = _("заказ документа из 1С")
        verbose_name_plural = _("заказы документов из 1С")
        constraints = [
            models.UniqueConstraint(fields=["document", "ref"], name="paper_order_ref_unique"),
        ]

    def __str__(self) -> str:
        return self.ref
