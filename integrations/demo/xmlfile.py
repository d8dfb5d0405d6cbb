"""A writer of CommerceML text: element by element, so that a file of any size takes no memory."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from html import escape
from pathlib import Path
from typing import TextIO

_HEAD = '<?xml version="1.0" encoding="UTF-8"?>\n'
_SPACES = {
    "xmlns": "urn:1C.ru:commerceml_2",
    "xmlns:xs": "http://www.w3.org/2001/XMLSchema",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
}
_VERSION = "2.07"


class XmlFile:
    """An open CommerceML document, indented by tabs as 1C writes it."""

    __slots__ = ("_depth", "_stream")

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self._depth = 0

    @contextmanager
    def element(self, tag: str, attributes: dict[str, str] | None = None) -> Iterator[None]:
        """Write an element around whatever is written inside the block."""
        self._line(f"<{tag}{_attributes(attributes)}>")
        self._depth += 1
        yield
        self._depth -= 1
        self._line(f"</{tag}>")

    def leaf(self, tag: str, text: str) -> None:
        """Write an element of text; an empty one is closed at once."""
        self._line(f"<{tag}>{escape(text, quote=False)}</{tag}>" if text else f"<{tag}/>")

    def empty(self, tag: str, attributes: dict[str, str]) -> None:
        """Write an element that has attributes only."""
        self._line(f"<{tag}{_attributes(attributes)}/>")

    def _line(self, text: str) -> None:
        self._stream.write("\t" * self._depth + text + "\n")


def _attributes(attributes: dict[str, str] | None) -> str:
    return "".join(f' {name}="{escape(value)}"' for name, value in (attributes or {}).items())


@contextmanager
def commerceml(path: Path, formed_at: datetime) -> Iterator[XmlFile]:
    """Open a file and write the root КоммерческаяИнформация of version 2.07 around the block.

    UTF-8 with a byte order mark, as 1C saves it.
    """
    root = {**_SPACES, "ВерсияСхемы": _VERSION, "ДатаФормирования": formed_at.strftime("%Y-%m-%dT%H:%M:%S")}
    with path.open("w", encoding="utf-8-sig", newline="\n") as stream:
        stream.write(_HEAD)
        xml = XmlFile(stream)
        with xml.element("КоммерческаяИнформация", root):
            yield xml
