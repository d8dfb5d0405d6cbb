"""A whole file of orders or counterparties, in constant memory: an order is forgotten once it is read."""

from collections import Counter
from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

from lxml import etree

from integrations.onec.incoming.documents import document_record
from integrations.onec.incoming.lines import line_record
from integrations.onec.incoming.parties import party_record
from integrations.onec.incoming.records import Bundle, DocumentRecord, Head, Incoming, LineRecord
from integrations.onec.incoming.requisites import document_moment
from integrations.onec.reading.elements import attribute, child_text, line_of, name_of
from integrations.onec.reading.parsing import ROOT, xml_events
from integrations.onec.refusal import ExchangeRefusal

MOST_LINES = 20_000
"""Rows of one document; more than this is no order."""

_MAIN, _SUBORDINATE = "Документ", "ПодчиненныйДокумент"
_CONTAINER, _LINE, _PARTY = "Контейнер", "Товар", "Контрагент"
_TAGS = (_CONTAINER, _MAIN, _SUBORDINATE, _LINE, _PARTY)
_CATALOGUE = ("Классификатор", "Каталог", "ПакетПредложений", "ИзмененияПакетаПредложений")

Element = etree._Element


@dataclass(slots=True)
class _Open:
    """A document whose end has not come yet."""

    element: Element
    lines: list[LineRecord] = field(default_factory=list)
    subordinate: list[DocumentRecord] = field(default_factory=list)


class IncomingFile:
    """Records of one file. Raises ExchangeRefusal where it cannot be read on.

    `unknown` counts elements that nobody reads, `unread` tells documents that make no sense: they are
    passed over, the others are taken.
    """

    def __init__(self, path: Path, *, name: str, zone: ZoneInfo) -> None:
        self._path, self._name, self._zone = path, name, zone
        self._open: list[_Open] = []
        self._bundle: list[DocumentRecord] | None = None
        self._reason = ""
        self.unknown: Counter[str] = Counter()
        self.unread: list[tuple[str, str, int]] = []

    def records(self) -> Iterator[Incoming]:
        """Read the file once, from its head on."""
        for event, element in xml_events(self._path, name=self._name, tags=_TAGS):
            name = name_of(element)
            if event == "start":
                yield from self._started(name, element)
            else:
                yield from self._ended(name, element)

    def _started(self, name: str, element: Element) -> Iterator[Incoming]:
        if name == ROOT:
            moment = document_moment(attribute(element, "ДатаФормирования"), self._zone)
            yield Head(attribute(element, "ВерсияСхемы"), moment)
        elif name == _CONTAINER:
            self._bundle = []
        elif name in {_MAIN, _SUBORDINATE}:
            if not self._open:
                self._reason = ""
            self._open.append(_Open(element))

    def _ended(self, name: str, element: Element) -> Iterator[Incoming]:
        if name == _LINE:
            self._line(element)
        elif name == _PARTY:
            if not self._open and name_of(element.getparent()) == "Контрагенты":
                yield party_record(element)
                _forget(element)
        elif name in {_MAIN, _SUBORDINATE}:
            yield from self._document(element)
        elif name == _CONTAINER:
            documents, self._bundle = self._bundle or [], None
            if documents:
                yield Bundle(tuple(documents))
            _forget(element)

    def _line(self, element: Element) -> None:
        parent = element.getparent()
        if not self._open or name_of(parent) != "Товары" or parent is None:
            return
        top = self._open[-1]
        if parent.getparent() is not top.element:
            return
        if len(top.lines) >= MOST_LINES:
            raise ExchangeRefusal(f"{self._name}: в документе больше {MOST_LINES} строк")
        try:
            top.lines.append(line_record(element))
        except ExchangeRefusal as refusal:
            self._reason = self._reason or str(refusal)
        _forget(element)

    def _document(self, element: Element) -> Iterator[Incoming]:
        top = self._open.pop()
        record = self._read(top)
        if self._open:
            if record is not None:
                self._open[-1].subordinate.append(record)
            _forget(element)
            return
        if self._reason:
            told = (f"Документ не прочитан: {self._reason}", child_text(element, "Ид"), line_of(element))
            self.unread.append(told)
        elif record is not None and self._bundle is not None:
            self._bundle.append(record)
        elif record is not None:
            yield Bundle((record,))
        _forget(element)

    def _read(self, top: _Open) -> DocumentRecord | None:
        try:
            return document_record(
                top.element,
                lines=top.lines,
                subordinate=top.subordinate,
                zone=self._zone,
                unknown=self.unknown,
            )
        except ExchangeRefusal as refusal:
            self._reason = self._reason or str(refusal)
            return None


def holds_orders(path: Path, *, name: str) -> bool:
    """Look at the beginning: orders or counterparties, and no catalogue?

    A file that cannot be read holds none: the reader of goods tells why it cannot.
    """
    tags = (*_CATALOGUE, _CONTAINER, _MAIN, "Контрагенты")
    try:
        with closing(xml_events(path, name=name, tags=tags)) as events:
            first = next((name_of(element) for _event, element in islice(events, 1, 2)), "")
    except ExchangeRefusal:
        return False
    return first in {_CONTAINER, _MAIN, "Контрагенты"}


def _forget(element: Element) -> None:
    """Free the element and what was left of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
