"""What 1C may choose from when its administrator maps states and ways of payment and delivery."""

from typing import cast

from lxml import etree

from orders.states import OrderState

_PAYMENTS = (("1", "Безналичный расчет", "Безналичная"),)
_DELIVERIES = (("1", "Самовывоз"), ("2", "Доставка"))
# The first letter is Latin: so it stands in Bitrix' own answer, and UNF looks for exactly that.
_STATES = "Cтатусы"


def info_document(*, encoding: str) -> bytes:
    """Make the answer to `mode=info`."""
    root = etree.Element("Справочник")
    states = etree.SubElement(root, _STATES)
    for state in OrderState:
        _item(states, state.value, str(state.label))
    payments = etree.SubElement(root, "ПлатежныеСистемы")
    for key, name, kind in _PAYMENTS:
        etree.SubElement(_item(payments, key, name), "ТипОплаты").text = kind
    deliveries = etree.SubElement(root, "СлужбыДоставки")
    for key, name in _DELIVERIES:
        _item(deliveries, key, name)
    return cast(bytes, etree.tostring(root, xml_declaration=True, encoding=encoding.upper()))


def _item(parent: etree._Element, key: str, name: str) -> etree._Element:
    item = etree.SubElement(parent, "Элемент")
    etree.SubElement(item, "Ид").text = key
    etree.SubElement(item, "Название").text = name
    return item
