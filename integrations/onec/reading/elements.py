"""Elements by local name: dialects of CommerceML differ in namespaces.

The parser drops comments and processing instructions, so every child is an element. These functions
run a million times in a large file: they are plain loops on purpose.
"""

from lxml import etree


class _LocalNames(dict[str, str]):
    """Tag -> name without its namespace."""

    def __missing__(self, tag: str) -> str:
        name = self[tag] = tag.rpartition("}")[2]
        return name


LOCAL = _LocalNames()


def child(element: etree._Element | None, name: str) -> etree._Element | None:
    """First child of that name."""
    if element is not None:
        for item in element:
            if LOCAL[item.tag] == name:
                return item
    return None


def text(element: etree._Element | None) -> str:
    """Trimmed own text, empty where there is none."""
    return (element.text or "").strip() if element is not None else ""


def child_text(element: etree._Element | None, name: str) -> str:
    """Trimmed text of the first child of that name."""
    return text(child(element, name))


def texts(element: etree._Element) -> dict[str, str]:
    """Trimmed texts of all children by name; of equal names the last."""
    found = {}
    for item in element:
        found[LOCAL[item.tag]] = (item.text or "").strip()
    return found


def attribute(element: etree._Element, name: str) -> str:
    """Trimmed attribute, empty where there is none."""
    return str(element.get(name) or "").strip()


def name_of(element: etree._Element | None) -> str:
    """Local name of an element, empty for none."""
    return LOCAL[element.tag] if element is not None else ""


def line_of(element: etree._Element) -> int:
    """Line of the file where the element begins, 0 where the parser does not know."""
    line: object = element.sourceline
    return line if isinstance(line, int) else 0


def is_marked_deleted(element: etree._Element) -> bool | None:
    """Deletion mark in any of its three forms; None where the element says nothing of it."""
    return deletion_mark(
        attribute(element, "Статус") or child_text(element, "Статус"), child(element, "ПометкаУдаления")
    )


def deletion_mark(status: str, mark: etree._Element | None) -> bool | None:
    """Read what Статус (attribute or child) and ПометкаУдаления say; None where they are silent."""
    if status:
        return status.lower().replace("ё", "е") in {"удален", "удалить"}
    return None if mark is None else text(mark).lower() in {"true", "1"}
