"""A whole message of EnterpriseData in constant memory: an object is forgotten once it is read."""

import re
from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.enterprise.orders import order_of
from integrations.onec.enterprise.parts import contract_of, keys_of, party_of
from integrations.onec.enterprise.records import ContractRecord
from integrations.onec.incoming.records import DocumentRecord, Head, PartyRecord
from integrations.onec.incoming.requisites import document_moment
from integrations.onec.reading.elements import child_text, line_of, name_of
from integrations.onec.reading.parsing import xml_events
from integrations.onec.refusal import ExchangeRefusal

MESSAGE = "Message"
PARTIES, CONTRACTS, ORDERS = "Справочник.Контрагенты", "Справочник.Договоры", "Документ.ЗаказКлиента"
_FORMAT = re.compile(
    r"\{http://v8\.1c\.ru/edi/edi_stnd/EnterpriseData/(\d{1,2})\.\d{1,3}(?:\.\d{1,3})?\}Body"
)
_EVERYTHING = ("*",)
_KNOWN_NAMES = 30

Element = etree._Element
Enterprise = Head | PartyRecord | ContractRecord | DocumentRecord


class EnterpriseFile:
    """Records of one message. Raises ExchangeRefusal where it cannot be read on.

    `skipped` counts objects that the portal does not read, `unread` tells orders that make no sense.
    """

    def __init__(self, path: Path, *, name: str, zone: ZoneInfo) -> None:
        self._path, self._name, self._zone = path, name, zone
        self._head: Head | None = None
        self.skipped: Counter[str] = Counter()
        self.unread: list[tuple[str, str, int]] = []

    def records(self) -> Iterator[Enterprise]:
        """Read the message once; its head comes before the first object."""
        for event, element in xml_events(self._path, name=self._name, tags=_EVERYTHING, roots=(MESSAGE,)):
            if event == "start":
                if name_of(element) == "Body" and name_of(element.getparent()) == MESSAGE:
                    self._check_format(element)
                    yield self._head or Head("", None)
                continue
            parent = element.getparent()
            if name_of(parent) == MESSAGE and name_of(element) == "Header":
                self._head = self._read_head(element)
            elif name_of(parent) == "Body" and parent is not None and name_of(parent.getparent()) == MESSAGE:
                yield from self._object(element)
                _forget(element)

    def _check_format(self, body: Element) -> None:
        found = _FORMAT.fullmatch(str(body.tag))
        if found is None or found[1] != "1":
            space = str(body.tag).rpartition("}")[0].lstrip("{") or "без пространства имён"
            raise ExchangeRefusal(f"{self._name}: формат «{space}» не читается, нужен EnterpriseData 1.x")

    def _read_head(self, header: Element) -> Head:
        formed_at = document_moment(child_text(header, "CreationDate"), self._zone)
        return Head(child_text(header, "Format"), formed_at)

    def _object(self, element: Element) -> Iterator[Enterprise]:
        name = name_of(element)
        if name == PARTIES:
            yield party_of(element)
        elif name == CONTRACTS:
            yield contract_of(element, self._zone)
        elif name == ORDERS:
            yield from self._order(element)
        else:
            known = name if name in self.skipped or len(self.skipped) < _KNOWN_NAMES else "прочие"
            self.skipped[known] += 1

    def _order(self, element: Element) -> Iterator[Enterprise]:
        try:
            yield order_of(element, self._zone)
        except ExchangeRefusal as refusal:
            key = child_text(keys_of(element), "Ссылка")
            self.unread.append((f"Документ не прочитан: {refusal}", key, line_of(element)))


def holds_message(path: Path, *, name: str) -> bool:
    """Look at the root: is it a message of EnterpriseData?"""
    try:
        with closing(xml_events(path, name=name, tags=(MESSAGE,), roots=(MESSAGE,))) as events:
            return name_of(next(events)[1]) == MESSAGE
    except (ExchangeRefusal, StopIteration):
        return False


def _forget(element: Element) -> None:
    """Free the object and what was left of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
