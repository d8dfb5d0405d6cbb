"""Gather what papers of a shipment say from 1C's shipment and the sides as they are now."""

from datetime import date
from decimal import Decimal

from counterparties.models import TaxRegime
from documents.compose.parties import Signers, client_party, contract_ref, seller_party
from documents.payloads.parts import PaperRef, Party, rate_totals, total_of
from documents.payloads.transfer import (
    STATUS_PLAIN,
    STATUS_WITH_FACTURA,
    Packing,
    PaymentRef,
    Revision,
    TransferLine,
    TransferPayload,
)
from documents.refusals import PaperNotPossible
from documents.selectors.shipped import Shipped
from documents.states import DocumentKind
from orders.models import ErpDocumentLine, ShipmentMethod, ShipmentRequest
from portal.lib.dates import format_date
from portal.lib.money import format_money, line_amount, q2

_NAMES = {
    DocumentKind.UPD: "Универсальный передаточный документ",
    DocumentKind.FACTURA: "Товарная накладная",
}
_BARE = 0  # a счёт-фактура alone has no status


def status_of(shipped: Shipped, kind: DocumentKind) -> int:
    """1 is a счёт-фактура and a transfer, 2 a transfer of a seller without VAT.

    Raises PaperNotPossible: a seller without VAT makes out no счёт-фактура.
    """
    is_exempt = shipped.order.organization.tax_regime == TaxRegime.SIMPLIFIED_EXEMPT
    if kind == DocumentKind.FACTURA:
        if is_exempt:
            raise PaperNotPossible("Продавец без НДС счетов-фактур не выставляет.")
        return _BARE
    if kind == DocumentKind.WAYBILL or is_exempt:
        return STATUS_PLAIN
    return STATUS_WITH_FACTURA


def transfer_payload(
    *,
    shipped: Shipped,
    kind: DocumentKind,
    number: str,
    day: date,
    form: str,
    revision: Revision | None = None,
) -> TransferPayload:
    """Freeze a УПД, a счёт-фактура or a ТОРГ-12 of a shipment; everything is taken as it is now.

    Net and VAT of a line come from 1C's sum with VAT and rate. Raises PaperNotPossible with a Russian
    reason.
    """
    order, organization = shipped.order, shipped.order.organization
    lines = transfer_lines(shipped)
    signers = Signers(organization, shipped.signers, day)
    shipped_on = shipped.paper.date or day
    is_waybill = kind == DocumentKind.WAYBILL
    return TransferPayload(
        number=number,
        day=day,
        form=form,
        status=status_of(shipped, kind),
        seller=seller_party(organization, shipped.account),
        buyer=client_party(order.legal_entity, shipped.buyer_account),
        consignee=_consignee(shipped),
        lines=lines,
        total=total_of(lines),
        rates=rate_totals(lines),
        revision=revision,
        payments=() if is_waybill else _payments(shipped),
        shipments=_shipments(shipped, kind, number, day),
        basis=(contract_ref(order.contract),),
        transport=_transport(shipped.request),
        proxy=_proxy(shipped.request),
        shipped_on=shipped_on,
        head=signers.head,
        accountant=signers.accountant,
        released_by=signers.released_by,
        responsible=signers.responsible,
        order_numbers=(order.number,),
    )


def transfer_lines(shipped: Shipped) -> tuple[TransferLine, ...]:
    """Rows of the shipment as its papers print them. Raises PaperNotPossible."""
    if shipped.order.currency != "RUB":
        raise PaperNotPossible(f"Документы в валюте {shipped.order.currency} портал не выписывает.")
    lines = tuple(_line(line) for line in shipped.lines if line.quantity)
    if not lines:
        raise PaperNotPossible(f"1С не передала строки документа «{shipped.paper}».")
    total, told = total_of(lines).gross, shipped.paper.total
    if told is not None and told != total:
        raise PaperNotPossible(
            f"Сумма строк {format_money(total)} не равна сумме отгрузки {format_money(told)}: "
            f"проверьте документ в 1С."
        )
    return lines


def _line(line: ErpDocumentLine) -> TransferLine:
    amount = line_amount(line.gross, Decimal(1), line.vat_percent, price_includes_vat=True)
    product = line.sku.product if line.sku else None
    unit = product.unit if product else None
    is_base = unit is not None and line.unit in ("", unit.name)
    weight = product.weight * line.quantity if product and product.weight is not None else None
    return TransferLine(
        name=line.name,
        quantity=line.quantity,
        unit=line.unit or (unit.name if unit else ""),
        unit_code=unit.code if unit and is_base else "",
        price=q2(amount.net / line.quantity),
        rate=line.vat_percent,
        amount=amount,
        article=line.article,
        code=product.code if product else "",
        packing=Packing(net_mass=weight),
    )


def _consignee(shipped: Shipped) -> Party:
    """Who receives the goods and where: by the request for shipment, else by the order."""
    order, request = shipped.order, shipped.request
    entity = request.consignee if request else order.legal_entity
    address = ""
    if request and request.method != ShipmentMethod.PICKUP:
        address = request.delivery_text
    elif request is None and order.delivery_address is not None:
        address = order.delivery_address.address
    return client_party(entity, address=address or entity.actual_address or entity.legal_address)


def _payments(shipped: Shipped) -> tuple[PaymentRef, ...]:
    return tuple(PaymentRef(number=one.number, day=one.day, amount=one.amount) for one in shipped.advances)


def _shipments(shipped: Shipped, kind: DocumentKind, number: str, day: date) -> tuple[PaperRef, ...]:
    """Line 5а: a УПД names itself, a счёт-фактура the delivery note of 1C."""
    if kind == DocumentKind.UPD:
        return (PaperRef(name=_NAMES[kind], number=number, day=day),)
    if kind == DocumentKind.FACTURA and shipped.paper.number:
        return (PaperRef(name=_NAMES[kind], number=shipped.paper.number, day=shipped.paper.date or day),)
    return ()


def _transport(request: ShipmentRequest | None) -> str:
    if request is None:
        return ""
    told = (request.get_method_display(), request.carrier, request.driver, request.car)
    return ", ".join(text for text in told if text)


def _proxy(request: ShipmentRequest | None) -> str:
    if request is None or not request.attorney_number:
        return ""
    since = f" от {format_date(request.attorney_date)}" if request.attorney_date else ""
    return f"№ {request.attorney_number}{since}"
