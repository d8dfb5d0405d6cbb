"""Orders that the site gave out, sent back as each family of 1C does after its manager has worked on them."""

import uuid
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any, Literal

from lxml import etree

from integrations.onec.client.order_rules import child, children, is_element, local_name, value

ProfileName = Literal["ut11", "unf", "bus31"]

_OPERATIONS = {"payment": "Выплата безналичных денег", "shipment": "Отпуск товара"}
_KOPECK, _COUNT = Decimal("0.01"), Decimal("0.001")
_PADDED = 11  # to this length the Bitrix module fills numbers up with spaces


@dataclass(frozen=True, slots=True)
class Profile:
    """How a family writes orders back."""

    name: ProfileName
    version: str
    namespace: str
    prefix: str
    is_boxed: bool  # in Контейнер, with Номер1С, without Ид
    has_flags: bool  # Оплачен, Отгружен, СтатусЗаказа
    has_papers: bool  # shipments and payments as documents


PROFILES: dict[ProfileName, Profile] = {
    "ut11": Profile("ut11", "2.07", "urn:1C.ru:commerceml_2", "00УТ", False, False, False),
    "unf": Profile("unf", "2.10", "urn:1C.ru:commerceml_2", "НФНФ", False, True, True),
    "bus31": Profile("bus31", "3.1", "urn:1C.ru:commerceml_3", "БУ00", True, True, True),
}


@dataclass(frozen=True, slots=True)
class Work:
    """What the manager has done: `reduced` is by how many percent he cut the quantities."""

    state: str = ""
    is_paid: bool = False
    is_shipped: bool = False
    is_cancelled: bool = False
    is_deleted: bool = False
    reduced: int = 0


def orders_back(answer: bytes, *, profile: ProfileName, work: Work, at: datetime) -> bytes:
    """Make the file out of an answer to `query`; `at` is 1C's local time, without a zone."""
    dialect = PROFILES[profile]
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    source = etree.fromstring(answer, parser)
    writer = _Writer(dialect, work, at)
    root = writer.element("КоммерческаяИнформация")
    root.set("ВерсияСхемы", dialect.version)
    root.set("ДатаФормирования", _moment(at))
    for document in [*children(source, "Документ"), *children(source, "Контейнер", "Документ")]:
        root.extend(writer.documents(document))
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


class _Writer:
    """Writes documents of one family."""

    def __init__(self, profile: Profile, work: Work, at: datetime) -> None:
        self._profile, self._work, self._at = profile, work, at

    def element(self, name: str, text: str = "") -> etree._Element:
        spaces: Any = {None: self._profile.namespace}  # the stubs know no namespace without a prefix
        made = etree.Element(f"{{{self._profile.namespace}}}{name}", nsmap=spaces)
        made.text = text or None
        return made

    def documents(self, source: etree._Element) -> Iterator[etree._Element]:
        """The order, with its papers where the family sends any."""
        number = value(source, "Номер")
        order = self._order(source, number)
        papers = list(self._papers(source, number)) if self._profile.has_papers else []
        if self._profile.is_boxed:
            box = self.element("Контейнер")
            box.extend([order, *papers])
            yield box
            return
        if papers:
            wrapper = self.element("ПодчиненныеДокументы")
            wrapper.extend(papers)
            order.append(wrapper)
        yield order

    def _order(self, source: etree._Element, number: str) -> etree._Element:
        order = self._copied(source)
        for item in list(order):
            if local_name(item) in {"Ид", "Номер", "ЗначенияРеквизитов"}:
                order.remove(item)
        if self._profile.is_boxed:
            head = [self.element("Номер", number.ljust(_PADDED))]
            head += [self.element("Номер1С", self._erp_number(number))]
            head += [self.element("Дата1С", f"{self._at:%Y-%m-%d}")]
            head += [self.element("НомерВерсии", _guid("version", number)[:12])]
            head += [self.element("ПометкаУдаления", _word(self._work.is_deleted))]
        else:
            head = [self.element("Ид", _guid("order", number)), self.element("Номер", number)]
        for place, item in enumerate(head):
            order.insert(place, item)
        if self._work.reduced:
            self._reduce(order)
        order.append(self._requisites(number))
        return order

    def _requisites(self, number: str) -> etree._Element:
        work, moment = self._work, _moment(self._at)
        told = [("Номер по 1С", self._erp_number(number)), ("Дата по 1С", moment)]
        told.append(("ПометкаУдаления", _word(work.is_deleted)))
        if self._profile.is_boxed:  # these stand in elements of their own
            told.clear()
        told.append(("Проведен", _word(not work.is_deleted)))
        if self._profile.has_flags:
            told += [("Оплачен", _word(work.is_paid)), ("Отгружен", _word(work.is_shipped))]
        if work.is_paid:
            told += [("Номер оплаты по 1С", f"П-{number}"), ("Дата оплаты по 1С", moment)]
        if work.is_shipped:
            told += [("Номер отгрузки по 1С", f"О-{number}"), ("Дата отгрузки по 1С", moment)]
        if work.state:
            told.append(("СтатусЗаказа" if self._profile.is_boxed else "Статус заказа", work.state))
        if work.is_cancelled:
            told.append(("Отменен", "true"))
        wrapper = self.element("ЗначенияРеквизитов")
        for name, text in told:
            item = self.element("ЗначениеРеквизита")
            item.extend([self.element("Наименование", name), self.element("Значение", text)])
            wrapper.append(item)
        return wrapper

    def _papers(self, source: etree._Element, number: str) -> Iterator[etree._Element]:
        done = {"payment": self._work.is_paid, "shipment": self._work.is_shipped}
        for kind in (kind for kind, is_done in done.items() if is_done):
            paper = self.element("Документ" if self._profile.is_boxed else "ПодчиненныйДокумент")
            told = [
                ("Ид", _guid(kind, number)),
                ("Номер", f"{kind[0].upper()}-{number}"),
                ("Дата", f"{self._at:%Y-%m-%d}"),
                ("ХозОперация", _OPERATIONS[kind]),
                ("Основание", number if self._profile.is_boxed else ""),
                ("Валюта", value(source, "Валюта")),
                ("Сумма", value(source, "Сумма")),
            ]
            paper.extend(self.element(name, text) for name, text in told if text)
            if kind == "shipment":
                goods = child(source, "Товары")
                if is_element(goods):
                    paper.append(self._copied(goods))
            yield paper

    def _reduce(self, order: etree._Element) -> None:
        """Cut every quantity; sums follow, taxes are left for the site to work out."""
        total = Decimal(0)
        for line in children(order, "Товары", "Товар"):
            left = Decimal(value(line, "Количество")) * (100 - self._work.reduced) / 100
            quantity = left.quantize(_COUNT, ROUND_HALF_UP)
            amount = (quantity * Decimal(value(line, "ЦенаЗаЕдиницу"))).quantize(_KOPECK, ROUND_HALF_UP)
            _write(line, "Количество", f"{quantity:f}")
            _write(line, "Сумма", f"{amount:f}")
            _drop(line, "Налоги")
            total += amount
        _write(order, "Сумма", f"{total:f}")
        _drop(order, "Налоги")

    def _copied(self, source: etree._Element) -> etree._Element:
        copy = self.element(local_name(source), (source.text or "").strip())
        for name, text in source.attrib.items():
            copy.set(name, text)
        copy.extend(self._copied(item) for item in source if is_element(item))
        return copy

    def _erp_number(self, number: str) -> str:
        digits = "".join(sign for sign in number if sign.isdigit())
        return f"{self._profile.prefix}-{digits[-6:].zfill(6)}"


def _guid(kind: str, number: str) -> str:
    return str(uuid.uuid5(uuid.NAMESPACE_OID, f"1c:{kind}:{number}"))


def _moment(at: datetime) -> str:
    """1C before 8.3.6 leaves the nought of the hour out."""
    return f"{at:%Y-%m-%d}T{at.hour}:{at:%M:%S}"


def _word(flag: bool) -> str:
    return "true" if flag else "false"


def _write(parent: etree._Element, name: str, text: str) -> None:
    found = child(parent, name)
    if is_element(found):
        found.text = text


def _drop(parent: etree._Element, name: str) -> None:
    found = child(parent, name)
    if is_element(found):
        parent.remove(found)
