"""Счёт на оплату of the recommended format: read leniently, its spellings vary."""

from documents.edo.parsing import Element
from documents.edo.reading_sides import side_seen
from documents.edo.seen import SeenLine, SeenPaper, SeenParty, SeenTotal
from documents.edo.values import attribute, child, day, number, words

_ROLES = {
    "СвПрод": "Продавец", "СвПост": "Поставщик", "СвПолуч": "Получатель", "СвПокуп": "Покупатель",
    "СвПлат": "Плательщик", "СвИсп": "Исполнитель", "СвЗак": "Заказчик",
}  # fmt: skip


def bill_seen(root: Element, document: Element) -> SeenPaper:
    """Number, date, sides, lines and the sum, wherever in the file they stand."""
    head = next((told for told in document.iter() if attribute(told, *_NUMBERS)), None)
    total = next((told for told in document.iter("ВсегоОпл")), None)
    return SeenPaper(
        title="Счет на оплату",
        root=str(root.tag),
        version=attribute(root, "ВерсФорм"),
        number=attribute(head, *_NUMBERS),
        day=day(attribute(head, "ДатаДок", "ДатаСч", "ДатаСчет")),
        parties=tuple(_parties(document)),
        lines=tuple(map(_line, document.iter("СведТов"))),
        total=_total(total),
    )


_NUMBERS = ("НомерДок", "НомерСч", "НомСчет", "НомерСчет")


def _parties(document: Element) -> list[SeenParty]:
    return [
        side_seen(told, _ROLES[str(told.tag)])
        for told in document.iter(*_ROLES)
        if child(told, "ИдСв") is not None
    ]


def _line(told: Element) -> SeenLine:
    return SeenLine(
        number=attribute(told, "НомСтр"),
        name=attribute(told, "НаимТов"),
        unit=attribute(told, "НаимЕдИзм"),
        quantity=number(attribute(told, "КолТов")),
        price=number(attribute(told, "ЦенаТов")),
        net=number(attribute(told, "СтТовБезНДС")),
        rate=attribute(told, "НалСт"),
        vat=number(words(told, "СумНал/СумНал")),
        gross=number(attribute(told, "СтТовУчНал")),
    )


def _total(told: Element | None) -> SeenTotal | None:
    if told is None:
        return None
    return SeenTotal(
        net=number(attribute(told, "СтТовБезНДСВсего")),
        vat=number(words(told, "СумНалВсего/СумНал")),
        gross=number(attribute(told, "СтТовУчНалВсего")),
    )
