"""УПД and счёт-фактура of 5.03, and of 5.01 and 5.02 as far as they spell alike."""

from collections.abc import Iterator
from decimal import Decimal

from django.conf import settings

from documents.edo.parsing import Element
from documents.edo.reading_sides import paper_words, side_seen, signer_seen, words_of
from documents.edo.seen import SeenFact, SeenLine, SeenPaper, SeenParty, SeenTotal
from documents.edo.values import attribute, child, day, joined, number, words
from portal.lib.money import format_money, q2

_TITLES = {
    "СЧФ": "Счет-фактура",
    "СЧФДОП": "УПД, статус 1: счет-фактура и передаточный документ",
    "ДОП": "УПД, статус 2: передаточный документ",
}
_ADVANCE = "К счету-фактуре на аванс"
_FREE = {"СведенияОбОтгрузке": "Иные сведения об отгрузке", "НомерЗаказа": "Заказ"}


def transfer_seen(root: Element, document: Element) -> SeenPaper:
    head = child(document, "СвСчФакт")
    revision = child(head, "ИспрДок")
    if revision is None:
        revision = child(head, "ИспрСчФ")
    table = child(document, "ТаблСчФакт")
    lines = tuple(map(_line, table.iterfind("СведТов"))) if table is not None else ()
    total = _total(table)
    currency = child(head, "ДенИзм")
    return SeenPaper(
        title=_TITLES.get(attribute(document, "Функция"), "Счет-фактура или УПД"),
        root=str(root.tag),
        version=attribute(root, "ВерсФорм"),
        number=attribute(head, "НомерДок", "НомерСчФ"),
        day=day(attribute(head, "ДатаДок", "ДатаСчФ")),
        revision=_revision(revision),
        currency=attribute(currency, "НаимОКВ", "КодОКВ") or attribute(head, "КодОКВ"),
        parties=tuple(_parties(head)),
        facts=tuple(_facts(document, head)),
        lines=lines,
        total=total,
        signers=tuple(map(signer_seen, document.iterfind("Подписант"))),
        doubts=tuple(_doubts(lines, total)),
    )


def _revision(told: Element | None) -> str:
    if told is None:
        return ""
    figure, made = attribute(told, "НомИспр", "НомИспрСчФ"), attribute(told, "ДатаИспр", "ДатаИспрСчФ")
    return f"Исправление № {figure} от {made}"


def _parties(head: Element | None) -> Iterator[SeenParty]:
    if head is None:
        return
    for path, role in (
        ("СвПрод", "Продавец"),
        ("ГрузОт/ГрузОтпр", "Грузоотправитель"),
        ("ГрузПолуч", "Грузополучатель"),
        ("СвПокуп", "Покупатель"),
    ):
        for told in head.iterfind(path):
            yield side_seen(told, role)


def _facts(document: Element, head: Element | None) -> Iterator[SeenFact]:
    if head is not None:
        yield from _head_facts(head)
    act = child(document, "СвПродПер/СвПер")
    if act is not None:
        yield from _transfer_facts(act)
    for told in document.iterfind("СвПродПер/ИнфПолФХЖ3/ТекстИнф"):
        key = attribute(told, "Идентиф")
        yield SeenFact(title=_FREE.get(key, key), text=attribute(told, "Значен"))


def _head_facts(head: Element) -> Iterator[SeenFact]:
    if words(head, "ГрузОт/ОнЖе"):
        yield SeenFact(title="Грузоотправитель", text="он же")
    for told in head.iterfind("СвПРД"):
        sum_ = number(attribute(told, "СуммаПРД"))
        text = f"№ {attribute(told, 'НомерПРД')} от {attribute(told, 'ДатаПРД')}"
        yield SeenFact(
            title="К платежному документу", text=joined(text, f"на {format_money(sum_)}" if sum_ else "")
        )
    for told in [*head.iterfind("ДокПодтвОтгрНом"), *head.iterfind("ДокПодтвОтгр")]:
        yield SeenFact(title="Документ об отгрузке", text=paper_words(told))
    contract = attribute(child(head, "ДопСвФХЖ1"), "ИдГосКон")
    if contract:
        yield SeenFact(title="Идентификатор государственного контракта", text=contract)
    for told in head.iterfind("ИнфПолФХЖ1/ТекстИнф"):
        key = attribute(told, "Идентиф")
        title = _ADVANCE if key == settings.EDO_ADVANCE_SF_IDENT else key
        yield SeenFact(title=title, text=attribute(told, "Значен"))


def _transfer_facts(act: Element) -> Iterator[SeenFact]:
    yield SeenFact(title="Содержание операции", text=attribute(act, "СодОпер"))
    for told in act.iterfind("ОснПер"):
        yield SeenFact(title="Основание", text=paper_words(told))
    shipped = attribute(act, "ДатаПер") or joined(
        attribute(act, "ДатаНачПер"), attribute(act, "ДатаОконПер"), by=" – "
    )
    if shipped:
        yield SeenFact(title="Дата отгрузки", text=shipped)
    person = child(act, "СвЛицПер/РабОргПрод")
    if person is not None:
        text = joined(attribute(person, "Должность"), words_of(person), by=", ")
        yield SeenFact(title="Товар передал", text=text)
    cargo = attribute(child(act, "Тран"), "СвТран") or attribute(child(act, "ТранГруз"), "СвТранГруз")
    if cargo:
        yield SeenFact(title="Транспортировка", text=cargo)


def _line(told: Element) -> SeenLine:
    more = child(told, "ДопСведТов")
    return SeenLine(
        number=attribute(told, "НомСтр"),
        name=attribute(told, "НаимТов") or attribute(more, "ХарактерТов"),
        article=attribute(more, "АртикулТов", "КодТов"),
        unit=attribute(told, "НаимЕдИзм") or attribute(more, "НаимЕдИзм"),
        quantity=number(attribute(told, "КолТов")),
        price=number(attribute(told, "ЦенаТов")),
        net=number(attribute(told, "СтТовБезНДС")),
        rate=attribute(told, "НалСт"),
        vat=number(words(told, "СумНал/СумНал")),
        gross=number(attribute(told, "СтТовУчНал")),
        origin=_origin(told, more),
        lots=tuple(attribute(lot, "НомТовПрослеж") for lot in told.iterfind("ДопСведТов/СведПрослеж")),
    )


def _origin(told: Element, more: Element | None) -> str:
    countries = [(one.text or "").strip() for one in told.iterfind("ДопСведТов/КрНаимСтрПр")]
    countries = countries or [attribute(more, "КрНаимСтрПр")]
    declarations = [attribute(one, "НомерДТ") for one in told.iterfind("СвДТ")]
    return joined(joined(*countries, by=", "), joined(*declarations, by=", "), by="; ")


def _total(table: Element | None) -> SeenTotal | None:
    told = child(table, "ВсегоОпл")
    if told is None:
        return None
    return SeenTotal(
        net=number(attribute(told, "СтТовБезНДСВсего")),
        vat=number(words(told, "СумНалВсего/СумНал")),
        gross=number(attribute(told, "СтТовУчНалВсего")),
    )


def _doubts(lines: tuple[SeenLine, ...], total: SeenTotal | None) -> Iterator[str]:
    """Where the file does not agree with itself; it is shown as it is."""
    if total is None or total.gross is None or any(line.gross is None for line in lines):
        return
    counted = sum((line.gross for line in lines if line.gross is not None), Decimal(0))
    if q2(counted) != q2(total.gross):
        yield f"Сумма строк {format_money(counted)} не равна итогу {format_money(total.gross)}."
