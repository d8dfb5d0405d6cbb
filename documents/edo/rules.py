"""Rules that the ФНС checks beside the schema of a УПД (schematron), told in words of the form.

A schema is not shipped with the portal, so lengths and spellings of what people type are checked here too.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from lxml import etree

from documents.edo.spellings import REQUIRED, SPELLINGS, TITLES

Element = etree._Element

_FACTURA, _BOTH, _TRANSFER = "СЧФ", "СЧФДОП", "ДОП"
_ADVANCE, _FEDERAL_CITY = "2", "99"
_RIGHTS = {"3": "СвДоверЭл", "5": "СвДоверБум"}
_CIRCUMSTANCES = {"СпОбстФСЧФ": _FACTURA, "СпОбстФСЧФДОП": _BOTH, "СпОбстФДОП": _TRANSFER}
_SIDES = ("СвПрод", "ГрузОт/ГрузОтпр", "ГрузПолуч", "СвПокуп")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong: where in the file, in which field, and in words for a person."""

    path: str
    field: str
    text: str


def faults(root: Element) -> list[Fault]:
    """Everything that is wrong with a УПД or счёт-фактура, in the order of the file's parts."""
    document = root.find("Документ")
    if document is None:
        return [_fault(root, "Документ", "нет содержания документа")]
    function = document.get("Функция", "")
    found = [fault for rule in _RULES for fault in rule(document, function)]
    return [*found, *spelling_faults(root)]


def spelling_faults(root: Element) -> Iterator[Fault]:
    """What is not there though it must be, and what is not spelt as the format wants."""
    for told in root.iter():
        yield from (_missing(told, field) for field in REQUIRED.get(told.tag, ()) if not told.get(field))
        for field, value in ((str(name), str(text)) for name, text in told.items()):
            spelling = SPELLINGS.get(field)
            if spelling is not None and not spelling.pattern.fullmatch(value):
                yield _fault(told, field, spelling.words)


def _document_rules(document: Element, function: str) -> Iterator[Fault]:
    if function not in {_FACTURA, _BOTH, _TRANSFER}:
        yield _fault(document, "Функция", f"функция «{function}» не поддерживается")
    named = bool(document.get("НаимДокОпр"))
    if function == _FACTURA and named:
        yield _fault(document, "НаимДокОпр", "в счете-фактуре название первичного документа не указывают")
    if function != _FACTURA:
        if not named:
            yield _missing(document, "НаимДокОпр")
        if document.find("СвПродПер") is None:
            yield _missing(document, "СвПродПер")
    if function != _TRANSFER and document.find("ТаблСчФакт") is None:
        yield _missing(document, "ТаблСчФакт")
    if (
        function == _FACTURA
        and not _is_advance(document)
        and document.find("СвСчФакт/ДокПодтвОтгрНом") is None
    ):
        yield _missing(document, "ДокПодтвОтгрНом")


def _circumstance_rules(document: Element, function: str) -> Iterator[Fault]:
    more = document.find("СвСчФакт/ДопСвФХЖ1")
    if more is None:
        return
    for field, own in _CIRCUMSTANCES.items():
        if more.get(field) and function != own:
            yield _fault(more, field, f"это поле заполняют только при функции {own}")


def _side_rules(document: Element, function: str) -> Iterator[Fault]:
    for path in _SIDES:
        for side in document.iterfind(f"СвСчФакт/{path}"):
            if function != _TRANSFER and side.find("Адрес") is None:
                yield _missing(side, "Адрес", of=TITLES.get(side.tag, side.tag))
    for address in document.iter("АдрГАР"):
        if address.find("МуниципРайон") is None and address.findtext("Регион") != _FEDERAL_CITY:
            yield _missing(address, "МуниципРайон")


def _line_rules(document: Element, function: str) -> Iterator[Fault]:
    for line in document.iterfind("ТаблСчФакт/СведТов"):
        yield from _of_factura(line, document) if function != _TRANSFER else _of_transfer(line)
        if line.get("ОКЕИ_Тов"):
            yield from (_missing(line, field) for field in ("НаимЕдИзм", "КолТов") if not line.get(field))
        if function != _TRANSFER and line.get("КолТов") and not _is_positive(line.get("ЦенаТов")):
            yield _fault(line, "ЦенаТов", "цена должна быть больше нуля")
        countries = line.findall("ДопСведТов/КрНаимСтрПр")
        if line.find("СвДТ[@КодПроисх]") is not None and not countries:
            yield _missing(line, "КрНаимСтрПр")
        if line.find("ДопСведТов[@КодВидПр]") is not None and line.find("Акциз") is None:
            yield _missing(line, "Акциз")


def _of_factura(line: Element, document: Element) -> Iterator[Fault]:
    wanted = ["НаимТов", "СтТовУчНал"] + ([] if _is_advance(document) else ["СтТовБезНДС"])
    yield from (_missing(line, field) for field in wanted if not line.get(field))


def _of_transfer(line: Element) -> Iterator[Fault]:
    if not (line.get("СтТовБезНДС") or line.get("СтТовУчНал")):
        yield _missing(line, "СтТовУчНал")
    more = line.find("ДопСведТов")
    named = [line.get("НаимТов")]
    if more is not None:
        named += [more.get(field) for field in ("КодТов", "АртикулТов", "ХарактерТов")]
    if not any(named):
        yield _missing(line, "НаимТов")


def _total_rules(document: Element, function: str) -> Iterator[Fault]:
    total = document.find("ТаблСчФакт/ВсегоОпл")
    if total is None or function == _TRANSFER:
        return
    wanted = ["СтТовУчНалВсего"] + ([] if _is_advance(document) else ["СтТовБезНДСВсего"])
    yield from (_missing(total, field) for field in wanted if not total.get(field))


def _shipment_rules(document: Element, function: str) -> Iterator[Fault]:
    told = document.find("СвПродПер/СвПер")
    if told is None:
        return
    is_period = bool(told.get("ДатаНачПер") and told.get("ДатаОконПер"))
    if function != _FACTURA and not (told.get("ДатаПер") or is_period):
        yield _missing(told, "ДатаПер")
    for other in told.iter("ПредОргПер"):
        if not other.get("ИННЮЛПер") and other.find("ОснДоверОргПер") is None:
            yield _missing(other, "ИННЮЛПер")


def _signer_rules(document: Element, function: str) -> Iterator[Fault]:
    signers = document.findall("Подписант")
    if not signers:
        yield _missing(document, "Подписант")
    for signer in signers:
        right = signer.get("СпосПодтПолном", "")
        for own, field in _RIGHTS.items():
            is_there = signer.find(field) is not None
            if right == own and not is_there:
                yield _missing(signer, field)
            if right != own and is_there:
                yield _fault(signer, "СпосПодтПолном", f"есть {TITLES[field]}, значит нужен способ {own}")
        if function != _FACTURA and not signer.get("Должн"):
            yield _missing(signer, "Должн")


_RULES: tuple[Callable[[Element, str], Iterator[Fault]], ...] = (
    _document_rules,
    _circumstance_rules,
    _side_rules,
    _line_rules,
    _total_rules,
    _shipment_rules,
    _signer_rules,
)


def _is_advance(document: Element) -> bool:
    more = document.find("СвСчФакт/ДопСвФХЖ1")
    return more is not None and more.get("СпОбстФСЧФ") == _ADVANCE


def _is_positive(number: str | None) -> bool:
    return bool((number or "").strip("0."))


def _missing(told: Element, field: str, of: str = "") -> Fault:
    return _fault(told, field, f"не указано, {of}" if of else "не указано")


def _fault(told: Element, field: str, words: str) -> Fault:
    """«Строка 2, наименование товара (НаимТов): не указано»."""
    line = next((one for one in (told, *told.iterancestors()) if one.tag == "СведТов"), None)
    place = f"Строка {line.get('НомСтр')}, " if line is not None else ""
    title = f"{TITLES[field]} ({field})" if field in TITLES else field
    text = f"{place}{title}: {words}"
    return Fault(told.getroottree().getpath(told), field, text[:1].upper() + text[1:])
