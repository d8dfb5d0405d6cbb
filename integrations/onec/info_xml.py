"""What 1C may choose from when its administrator maps states and ways of payment and delivery."""

from typing import cast

from lxml import etree

from finance.states import PaymentTerms
from orders.models import Order
from orders.models.delivery import DeliveryKind
from orders.states import OrderState

PAYMENTS: dict[str, str] = {
    PaymentTerms.PREPAID: "Безналичный расчет, предоплата",
    PaymentTerms.CREDIT: "Безналичный расчет, отсрочка",
}
"""Ways to pay, by terms of an order: their ids here and in orders."""

_PICKUP, _BROUGHT = _DELIVERIES = (("1", "Самовывоз"), ("2", "Доставка"))
# The first letter is Latin: so it stands in Bitrix' own answer, and UNF looks for exactly that.
_STATES = "Cтатусы"


def info_document(*, encoding: str) -> bytes:
    """Make the answer to `mode=info`."""
    root = etree.Element("Справочник")
    states = etree.SubElement(root, _STATES)
    for state in OrderState:
        _item(states, state.value, str(state.label))
    payments = etree.SubElement(root, "ПлатежныеСистемы")
    for key, name in PAYMENTS.items():
        etree.SubElement(_item(payments, key, name), "ТипОплаты").text = "Безналичная"
    deliveries = etree.SubElement(root, "СлужбыДоставки")
    for key, name in _DELIVERIES:
        _item(deliveries, key, name)
    return cast(bytes, etree.tostring(root, xml_declaration=True, encoding=encoding.upper()))


def delivery_of(order: Order) -> tuple[str, str]:
    """Id and name of the order's way of delivery, as they are offered to 1C."""
    service = order.delivery_service
    is_pickup = not order.delivery_address_id if service is None else service.kind == DeliveryKind.PICKUP
    return _PICKUP if is_pickup else _BROUGHT


def _item(parent: etree._Element, key: str, name: str) -> etree._Element:
    item = etree.SubElement(parent, "Элемент")
    etree.SubElement(item, "Ид").text = key
    etree.SubElement(item, "Название").text = name
    return item
