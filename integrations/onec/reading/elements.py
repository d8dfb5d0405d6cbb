"""Elements by local name: dialects of CommerceML differ in namespaces."""

from collections.abc import Iterator
from functools import cache

from lxml import etree


@cache
def local(tag: str) -> str:
    """Name without the namespace."""
    return tag.rpartition("}")[2]


def children(element: etree._Element) -> Iterator[tuple[str, etree._Element]]:
    """Child elements with their local names, comments left out."""
    for item in element:
        tag = item.tag
        if isinstance(tag, str):
            yield local(tag), item


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """First child of that name."""
    if element is None:
        return None
    return next((item for found, item in children(element) if found == name), None)


def text(element: etree._Element | None) -> str:
    """Trimmed own text, empty where there is none."""
    return (element.text or "").strip() if element is not None else ""


def child_text(element: etree._Element | None, name: str) -> str:
    """Trimmed text of the first child of that name."""
    return text(child(element, name))


def attribute(element: etree._Element, name: str) -> str:
    """Trimmed attribute, empty where there is none."""
    return str(element.get(name) or "").strip()


def name_of(element: etree._Element | None) -> str:
    """Local name of an element, empty for none."""
    return local(element.tag) if element is not None and isinstance(element.tag, str) else ""


def line_of(element: etree._Element) -> int:
    """Line of the file where the element begins, 0 where the parser does not know."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def is_marked_deleted(element: etree._Element) -> bool | None:
    """Deletion mark in any of its three forms; None where the element says nothing of it."""
    status = attribute(element, "Статус") or child_text(element, "Статус")
    if status:
        return status.lower().replace("ё", "е") in {"удален", "удалить"}
    mark = child(element, "ПометкаУдаления")
    return None if mark is None else text(mark).lower() in {"true", "1"}
