"""Orders of the site as 1C reads them: the text first, then the documents."""

import codecs
import io
import re
import zipfile
from dataclasses import asdict, dataclass, field
from decimal import Decimal
from typing import Any

from lxml import etree

from integrations.onec.client.answers import FAILURE, AnswerError, excerpt
from integrations.onec.client.dialects import Dialect
from integrations.onec.client.order_rules import (
    Violation,
    amount_of,
    child,
    children,
    document_violations,
    is_element,
    local_name,
    value,
)
from integrations.onec.client.reports import Step
from integrations.onec.client.wire import Reply

_DECLARATION = re.compile(r"<\?xml[^>]*\?>")
_DECLARED_ENCODING = re.compile(r"encoding\s*=\s*[\"']([^\"']+)[\"']")


@dataclass(frozen=True, slots=True)
class OrderLine:
    """A line of an order; money in the currency of the order, the unit by its code."""

    good_id: str
    article: str
    name: str
    unit_code: str
    price: Decimal
    quantity: Decimal
    amount: Decimal


@dataclass(frozen=True, slots=True)
class OrderDocument:
    """An order as 1C would load it; `requisites` are the named values of the document."""

    order_id: str
    number: str
    date: str
    time: str
    currency: str
    amount: Decimal
    counterparty_id: str
    counterparty: str
    inn: str
    kpp: str
    warehouse_id: str
    comment: str
    lines: tuple[OrderLine, ...]
    requisites: dict[str, str]


@dataclass(slots=True)
class OrdersAnswer:
    """Result of fetch_orders: `acceptable` when 1C would load all of it and say `success`."""

    steps: list[Step]
    body: bytes = b""
    charset: str = ""
    text: str = ""
    orders: tuple[OrderDocument, ...] = ()
    violations: tuple[Violation, ...] = field(default=())

    @property
    def ok(self) -> bool:
        return all(step.ok for step in self.steps)

    @property
    def acceptable(self) -> bool:
        return self.ok and not self.violations

    def as_json(self) -> dict[str, Any]:
        """Everything but the raw answer as plain data; decimals become strings."""
        return {
            "ok": self.ok,
            "acceptable": self.acceptable,
            "steps": [asdict(step) for step in self.steps],
            "orders": [asdict(order) for order in self.orders],
            "violations": [asdict(violation) for violation in self.violations],
        }


def readable_xml(reply: Reply, dialect: Dialect) -> str:
    """Take the text of a query answer; UT 11 wants it to begin with `<?xml`, UNF is more patient.

    Raises AnswerError with the words that 1C shows to its operator.
    """
    if reply.text.startswith("<?xml"):
        return reply.text
    if dialect.name == "unf":
        if reply.text.startswith("<КоммерческаяИнформация"):
            return reply.text
        if reply.body.startswith(b"PK"):
            return _unzipped(reply.body)
        if reply.text.startswith(FAILURE):
            raise AnswerError(f"Сайт не отдал заказы: {excerpt(reply.text)}")
    raise AnswerError(f"Не удалось прочитать данные, загруженные с сервера: {excerpt(reply.text)}")


def read_orders(text: str, charset: str) -> tuple[tuple[OrderDocument, ...], tuple[Violation, ...]]:
    """Parse the documents and judge them by the hard rules of 1C."""
    violations = _charset_violations(text, charset)
    try:
        root = _parse(text)
    except etree.XMLSyntaxError as error:
        return (), (*violations, Violation("xml", "", f"XML не разобран: {error}"))
    if root.getroottree().docinfo.internalDTD is not None:
        violations.append(Violation("doctype", "", "в ответе есть DOCTYPE"))
    if local_name(root) != "КоммерческаяИнформация":
        violations.append(Violation("root", "", f"корневой элемент {local_name(root)}"))
    documents = [*children(root, "Документ"), *children(root, "Контейнер", "Документ")]
    violations += document_violations(root, documents)
    return tuple(_order(document) for document in documents), tuple(violations)


def _parse(text: str) -> etree._Element:
    """Parse the decoded text; its declaration is replaced because the bytes are UTF-8 by now."""
    parser = etree.XMLParser(encoding="utf-8", resolve_entities=False, no_network=True, load_dtd=False)
    return etree.fromstring(_DECLARATION.sub("", text, count=1).encode(), parser)


def _charset_violations(text: str, charset: str) -> list[Violation]:
    """Declared encoding, Content-Type and the actual bytes have to agree."""
    violations = []
    declaration = _DECLARATION.match(text)
    found = _DECLARED_ENCODING.search(declaration.group()) if declaration else None
    declared = found.group(1) if found else "utf-8"
    if not _same_charset(declared, charset):
        violations.append(
            Violation("charset", "", f"в XML объявлена кодировка {declared}, в Content-Type {charset}")
        )
    if "\ufffd" in text:
        violations.append(Violation("charset", "", f"байты ответа не читаются в кодировке {charset}"))
    return violations


def _same_charset(one: str, other: str) -> bool:
    try:
        return codecs.lookup(one).name == codecs.lookup(other).name
    except LookupError:
        return False


def _unzipped(body: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return archive.read(archive.namelist()[0]).decode("utf-8-sig")
    except (zipfile.BadZipFile, IndexError, UnicodeDecodeError) as error:
        raise AnswerError(f"Не удалось распаковать архив с заказами: {error}") from error


def _order(document: etree._Element) -> OrderDocument:
    party = child(document, "Контрагенты", "Контрагент")
    return OrderDocument(
        order_id=value(document, "Ид"),
        number=value(document, "Номер"),
        date=value(document, "Дата"),
        time=value(document, "Время"),
        currency=value(document, "Валюта"),
        amount=amount_of(document, "Сумма"),
        counterparty_id=value(party, "Ид"),
        counterparty=value(party, "Наименование"),
        inn=value(party, "ИНН"),
        kpp=value(party, "КПП"),
        warehouse_id=value(document, "Склады", "Склад", "Ид"),
        comment=value(document, "Комментарий"),
        lines=tuple(_line(line) for line in children(document, "Товары", "Товар")),
        requisites={
            value(item, "Наименование"): value(item, "Значение")
            for item in children(document, "ЗначенияРеквизитов", "ЗначениеРеквизита")
        },
    )


def _line(line: etree._Element) -> OrderLine:
    unit = child(line, "БазоваяЕдиница")
    return OrderLine(
        good_id=value(line, "Ид"),
        article=value(line, "Артикул"),
        name=value(line, "Наименование"),
        unit_code=str(unit.get("Код", "")) if is_element(unit) else "",
        price=amount_of(line, "ЦенаЗаЕдиницу"),
        quantity=amount_of(line, "Количество"),
        amount=amount_of(line, "Сумма"),
    )
