"""Gather what a заявка на отгрузку and a доверенность М-2 say from a request for shipment."""

from dataclasses import dataclass
from datetime import date

from counterparties.models import LegalEntityBankAccount
from documents.compose.parties import bank_of, client_party, contract_ref, seller_party
from documents.payloads.parts import Signer
from documents.payloads.shipping import ProxyLine, ProxyPayload, ShippingLine, ShippingPayload
from documents.refusals import PaperNotPossible
from orders.models import ShipmentMethod, ShipmentRequest
from orders.selectors.shipments import RequestCard, RequestedLine
from portal.lib.dates import format_date

MOST_PROXY_DAYS = 31


@dataclass(frozen=True, slots=True)
class ProxyWish:
    """What a person adds for a доверенность: its number (empty: that of the request), its last day, who
    receives the goods (in the dative) and by which paper."""

    until: date
    bearer: str
    bearer_paper: str = ""
    number: str = ""
    has_stub: bool = True


def shipping_payload(*, card: RequestCard, day: date, form: str) -> ShippingPayload:
    """Freeze a request as a paper; its number is the request's own."""
    it = card.request
    organization = it.contract.organization
    return ShippingPayload(
        number=it.number,
        day=day,
        form=form,
        orders=tuple(order.label for order in card.orders),
        contract=str(it.contract),
        seller=seller_party(organization, None),
        payer=client_party(it.legal_entity),
        consignee=client_party(it.consignee, address=it.consignee.actual_address),
        warehouse=it.warehouse.name,
        method=it.get_method_display(),
        when=_when(it),
        lines=tuple(_line(line) for line in card.lines),
        address=it.delivery_text,
        contact=it.contact,
        loading=_loading(it),
        carrier=it.carrier,
        driver=" ".join(text for text in (it.driver, it.driver_phone) if text),
        driver_paper=it.driver_paper,
        car=it.car,
        authority=_authority(it),
        handover="через ЭДО" if it.is_edo else "на бумаге с грузом",
        remarks=it.comment,
    )


def proxy_payload(
    *,
    card: RequestCard,
    wish: ProxyWish,
    account: LegalEntityBankAccount | None,
    day: date,
    form: str,
) -> ProxyPayload:
    """Freeze a доверенность of the client's to receive the goods of a request.

    Raises PaperNotPossible with a Russian reason.
    """
    it = card.request
    if it.method == ShipmentMethod.OWN:
        raise PaperNotPossible("Товар привезет поставщик: доверенность нужна для самовывоза и перевозчика.")
    if not wish.bearer.strip():
        raise PaperNotPossible("Укажите, кому выдана доверенность.")
    if wish.until < day or (wish.until - day).days > MOST_PROXY_DAYS:
        raise PaperNotPossible(f"Доверенность действует от 1 до {MOST_PROXY_DAYS} дней.")
    entity = it.legal_entity
    return ProxyPayload(
        number=wish.number.strip() or it.number,
        day=day,
        form=form,
        until=wish.until,
        principal=client_party(entity, account),
        bank=bank_of(account),
        bearer=wish.bearer.strip(),
        bearer_paper=wish.bearer_paper.strip() or it.driver_paper,
        supplier=seller_party(it.contract.organization, None),
        basis=contract_ref(it.contract),
        lines=tuple(
            ProxyLine(name=one.row.line.name, unit=one.row.line.unit_name, quantity=one.row.quantity)
            for one in card.lines
        ),
        has_stub=wish.has_stub,
        head=Signer(role=entity.head_position or "Руководитель", name=entity.head_name),
    )


def _line(one: RequestedLine) -> ShippingLine:
    line = one.row.line
    return ShippingLine(
        article=line.article,
        name=line.name,
        unit=line.unit_name,
        ordered=one.quantities.confirmed,
        shipped=one.quantities.shipped,
        reserved=one.quantities.reserved,
        quantity=one.row.quantity,
        weight=one.weight,
        volume=one.volume,
        gross=one.gross,
    )


def _when(it: ShipmentRequest) -> str:
    hours = f", {it.hour_from:%H:%M}–{it.hour_to:%H:%M}" if it.hour_from and it.hour_to else ""
    return f"{format_date(it.desired_date)}{hours}"


def _loading(it: ShipmentRequest) -> str:
    pallets = f"паллет: {it.pallets}" if it.pallets is not None else ""
    return ", ".join(text for text in (it.loading, pallets) if text)


def _authority(it: ShipmentRequest) -> str:
    if not it.attorney_number:
        return ""
    since = f" от {format_date(it.attorney_date)}" if it.attorney_date else ""
    until = f" до {format_date(it.attorney_until)}" if it.attorney_until else ""
    return f"№ {it.attorney_number}{since}{until}"
