"""A whole file, record by record, in constant memory."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from lxml import etree

from integrations.onec.reading import classifier, goods, offers, units
from integrations.onec.reading.elements import attribute, child_text, name_of
from integrations.onec.reading.parsing import ROOT, xml_events
from integrations.onec.reading.records import (
    CatalogRecord,
    FileHead,
    GoodRecord,
    OfferRecord,
    PackageRecord,
    Record,
)
from integrations.onec.texts import ID_LENGTH, external_key, joined_key, moment

_CLASSIFIER = "Классификатор"  # some programs send it alone, without the envelope
_ROOTS = {ROOT, _CLASSIFIER}
_PACKAGES = {"ПакетПредложений", "ИзмененияПакетаПредложений"}
_LISTS = {"Классификатор", *_PACKAGES}
_NOWHERE: set[str] = set()
_TAGS = (
    "Классификатор", "Свойство", "СвойствоНоменклатуры", "ТипЦены", "Склады", "ЕдиницаИзмерения",
    "Товары", "Товар", "Предложения", "Предложение", "Контрагент", "Документ",
)  # fmt: skip

NAMELESS = "без Ид"  # among the strangers: goods and offers that cannot be told apart

Element = etree._Element


class CommerceFile:
    """The records of one file. Raises ExchangeRefusal where the file cannot be read on.

    `unknown` counts elements that nobody reads, by name; `odd` are the ids of goods and offers that have
    such elements; `strangers` whole objects that have no business in the exchange of goods: counterparties
    and documents. `without` are places of the file to leave out, see `XmlSource`.
    """

    def __init__(self, path: Path, *, name: str, without: Sequence[tuple[int, int, int]] = ()) -> None:
        self._path = path
        self._name = name
        self._without = without
        self.unknown: Counter[str] = Counter()
        self.odd: set[str] = set()
        self.strangers: Counter[str] = Counter()

    def records(self) -> Iterator[Record]:
        """Read the file once, from its head on."""
        events = xml_events(self._path, name=self._name, tags=_TAGS, roots=_ROOTS, without=self._without)
        for event, element in events:
            if event == "start":
                yield from _started(element)
            else:
                yield from self._ended(element)

    def _ended(self, element: Element) -> Iterator[Record]:
        name, parent = name_of(element), element.getparent()
        if parent is None and name == _CLASSIFIER:
            yield classifier.classifier_record(element)
        places, reader = _ENDED.get((name, name_of(parent)), (_NOWHERE, None))
        if reader is None or parent is None or name_of(parent.getparent()) not in places:
            return
        record = reader(self, element)
        if isinstance(record, list):
            yield from record  # what stands before a list is still to be read
            return
        if record is not None:
            yield record
        _forget(element)

    def _good(self, element: Element) -> Record | None:
        return self._counted(goods.good_record, element)

    def _offer(self, element: Element) -> Record | None:
        return self._counted(offers.offer_record, element)

    def _counted(
        self, reader: Callable[[Element, Counter[str]], GoodRecord | OfferRecord | None], element: Element
    ) -> Record | None:
        before = self.unknown.total()
        record = reader(element, self.unknown)
        if record is None:
            self.strangers[NAMELESS] += 1
        elif self.unknown.total() > before:
            self.odd.add(joined_key(record.product_id, record.characteristic_id))
        return record

    def _stranger(self, element: Element) -> Record | None:
        self.strangers[name_of(element)] += 1
        return None


def _classifier(file: CommerceFile, element: Element) -> Record | None:
    return classifier.classifier_record(element)


def _property(file: CommerceFile, element: Element) -> Record | None:
    return classifier.property_record(element)


def _price_type(file: CommerceFile, element: Element) -> Record | None:
    return classifier.price_type_record(element)


def _warehouses(file: CommerceFile, element: Element) -> list[Record]:
    """The whole list at once: every offer has a Склад for each of them, which nobody must look at here."""
    found = [classifier.warehouse_record(item) for item in element if name_of(item) == "Склад"]
    return [record for record in found if record is not None]


def _unit(file: CommerceFile, element: Element) -> Record | None:
    return units.unit_from_list(element)


# Element, its parent, where the parent may stand -> what to read once the element is whole. A Товар of
# a document is no good of the catalogue, the Склад of an offer is a stock row.
_Reader = Callable[[CommerceFile, Any], Record | list[Record] | None]
_ENDED: dict[tuple[str, str], tuple[set[str], _Reader]] = {
    ("Классификатор", ROOT): ({""}, _classifier),
    ("Свойство", "Свойства"): ({"Классификатор"}, _property),
    ("СвойствоНоменклатуры", "Свойства"): ({"Классификатор"}, _property),
    ("ТипЦены", "ТипыЦен"): (_LISTS, _price_type),
    **{("Склады", home): ({ROOT, ""}, _warehouses) for home in _LISTS},
    ("ЕдиницаИзмерения", "ЕдиницыИзмерения"): (_LISTS, _unit),
    ("Товар", "Товары"): ({"Каталог"}, CommerceFile._good),
    ("Предложение", "Предложения"): (_PACKAGES, CommerceFile._offer),
    ("Контрагент", "Контрагенты"): ({ROOT}, CommerceFile._stranger),
    ("Документ", ROOT): ({""}, CommerceFile._stranger),
    ("Документ", "Контейнер"): ({ROOT}, CommerceFile._stranger),
}


def _started(element: Element) -> Iterator[Record]:
    """Tell what the attributes and the children before this element have said."""
    name, parent = name_of(element), element.getparent()
    if name == ROOT:
        yield FileHead(attribute(element, "ВерсияСхемы"), moment(attribute(element, "ДатаФормирования")))
    elif name == "Товары" and parent is not None and name_of(parent) == "Каталог":
        yield CatalogRecord(
            external_key(child_text(parent, "Ид")),
            external_key(child_text(parent, "ИдКлассификатора")),
            is_whole=attribute(parent, "СодержитТолькоИзменения").lower() == "false",
        )
    elif name == "Предложения" and parent is not None and name_of(parent) in _PACKAGES:
        catalog_id = child_text(parent, "ИдКаталога") or child_text(parent, "Ид").partition("#")[0]
        yield PackageRecord(external_key(catalog_id)[:ID_LENGTH])


def _forget(element: Element) -> None:
    """Free the element and what was left of those before it."""
    element.clear()
    parent = element.getparent()
    while parent is not None and element.getprevious() is not None:
        del parent[0]
