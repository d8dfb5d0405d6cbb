"""Whether money lets goods leave."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Sum
from django.utils.translation import gettext as _

from finance.selectors import paid_by_reference
from finance.states import PaymentTerms
from orders.models import ErpDocument, OrderPart
from orders.states import ErpDocumentKind
from portal.lib.money import format_money


@dataclass(frozen=True, slots=True)
class Gate:
    """`code` is open or not_prepaid."""

    is_open: bool
    code: str = "open"
    text: str = ""


def shipment_gate(
    *, reference: str, contract_id: int, total: Decimal, terms: PaymentTerms, at: datetime
) -> Gate:
    """Tell whether goods of a part for `total` (RUB with VAT) may leave: prepaid ones once paid for."""
    if terms != PaymentTerms.PREPAID:
        return Gate(is_open=True)
    part = OrderPart.objects.select_related("order").get(pk=int(reference.removeprefix("part:")))
    payments = ErpDocument.objects.filter(part=part, kind=ErpDocumentKind.PAYMENT, is_deleted=False)
    told = payments.aggregate(total=Sum("total"))["total"] or Decimal(0)
    noted = paid_by_reference([part.order.reference])[part.order.reference]
    paid = max(told, part.erp_paid_sum or Decimal(0), noted)
    if part.is_paid or paid >= total:
        return Gate(is_open=True)
    text = _("предоплата не получена, не хватает {missing} ₽.").format(missing=format_money(total - paid))
    return Gate(is_open=False, code="not_prepaid", text=text)
