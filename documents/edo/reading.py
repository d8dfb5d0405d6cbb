"""Received exchange files in human form, whatever version of the format they are of."""

import re
from collections.abc import Callable

from documents.edo.parsing import Element, XmlRefused, xml_root
from documents.edo.reading_act import act_seen
from documents.edo.reading_bill import bill_seen
from documents.edo.reading_transfer import transfer_seen
from documents.edo.seen import SeenPaper
from documents.edo.values import attribute

UNKNOWN = "Неизвестный формат"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.\-]{1,240}")

_READERS: dict[str, Callable[[Element, Element], SeenPaper]] = {
    "1115125": transfer_seen,
    "1115131": transfer_seen,
    "1110332": act_seen,
}
"""By КНД: УПД of 5.01, of 5.02 and 5.03, and акт сверки."""

_BY_NAME: dict[str, Callable[[Element, Element], SeenPaper]] = {
    "ON_NSCHFDOPPR": transfer_seen,
    "ON_SCHFDOPPR": transfer_seen,
    "ON_AKTSVEROTP": act_seen,
    "ON_CHETOP": bill_seen,
    "ON_SCHET": bill_seen,
}
"""By the beginning of ИдФайл, where КНД is missing."""


def paper_seen(content: bytes) -> SeenPaper:
    """Read a file of any sender; an unknown format is named by its root. Raises XmlRefused."""
    root = xml_root(content)
    document = root.find("Документ")
    if document is not None:
        reader = _READERS.get(attribute(document, "КНД")) or _by_name(attribute(root, "ИдФайл"))
        if reader is not None:
            return reader(root, document)
    return SeenPaper(title=UNKNOWN, root=str(root.tag)[:200], is_known=False)


def exchange_name(content: bytes) -> str:
    """The name that the format prescribes: ИдФайл and `.xml`; empty where the file tells none."""
    try:
        told = attribute(xml_root(content), "ИдФайл")
    except XmlRefused:
        return ""
    return f"{told}.xml" if _IDENTIFIER.fullmatch(told) else ""


def _by_name(identifier: str) -> Callable[[Element, Element], SeenPaper] | None:
    return next((reader for begin, reader in _BY_NAME.items() if identifier.startswith(begin)), None)


__all__ = ["UNKNOWN", "XmlRefused", "exchange_name", "paper_seen"]
