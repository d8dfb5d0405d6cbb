"""Elements of exchange files: what is empty is left out, text holds nothing that XML does not carry."""

import re
from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal
from typing import cast

from lxml import etree

from portal.lib.dates import MOSCOW
from portal.lib.money import q2

Element = etree._Element

_UNFIT = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def element(name: str, /, *inside: Element | None, **told: str | None) -> Element:
    """Make an element with attributes in the order told; empty ones and absent children are left out."""
    made = etree.Element(name)
    for attribute, value in told.items():
        text = clean(value or "")
        if text:
            made.set(attribute, text)
    made.extend(child for child in inside if child is not None)
    return made


def worded(name: str, text: str) -> Element:
    """An element that holds words and no attributes."""
    made = etree.Element(name)
    made.text = clean(text)
    return made


def filled(made: Element) -> Element | None:
    """The element, or None where it says nothing."""
    return made if len(made) or made.attrib else None


def information(name: str, texts: Iterable[tuple[str, str]]) -> Element | None:
    """A field of free information: pairs of an identifier and a value; None without any value."""
    told = [element("ТекстИнф", Идентиф=key, Значен=value) for key, value in texts if clean(value)]
    return element(name, *told) if told else None


def clean(text: str) -> str:
    """One line of characters that XML knows; what windows-1251 does not know leaves as `&#NNN;`."""
    return " ".join(_UNFIT.sub("", text).split())


def money(value: Decimal) -> str:
    return f"{q2(value):f}"


def plain(value: Decimal) -> str:
    """A number without idle zeros and without an exponent."""
    return f"{value.normalize():f}"


def clock(at: datetime, dots: bool = True) -> str:
    """Time of the day in Moscow: «10.15.00» in УПД, «10:15:00» in acts."""
    return f"{at.astimezone(MOSCOW):{'%H.%M.%S' if dots else '%H:%M:%S'}}"


def written(root: Element) -> bytes:
    """The bytes of a file in windows-1251."""
    told = etree.tostring(root, encoding="windows-1251", xml_declaration=True, pretty_print=True)
    return cast(bytes, told)
