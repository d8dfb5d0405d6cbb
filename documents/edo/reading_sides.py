"""Sides, signers and references to other papers, as all formats spell them."""

from documents.edo.parsing import Element
from documents.edo.seen import SeenParty, SeenSigner
from documents.edo.values import attribute, child, joined, words

_ADDRESS = (
    "Индекс", "НаимРегион", "Район", "Город", "НаселПункт", "Улица", "Дом", "Корпус", "Кварт", "ИныеСвед",
)  # fmt: skip


def side_seen(told: Element, role: str) -> SeenParty:
    """A participant of any version: a firm, an entrepreneur, a person or a foreigner."""
    who = child(told, "ИдСв")
    firm = child(who, "СвЮЛУч")
    if firm is None:
        firm = child(who, "СвЮЛ")
    person = None
    for kind in ("СвИП", "СвФЛУч", "СвФЛУчастФХЖ", "СвФЛ"):
        person = child(who, kind) if person is None else person
    foreign = child(who, "СвИнНеУч")
    name = attribute(firm, "НаимОрг") or joined("ИП" if words_of(person) else "", words_of(person))
    return SeenParty(
        role=role,
        name=name or attribute(foreign, "Наим", "НаимОрг") or attribute(told, "СокрНаим", "КраткНазв"),
        inn=attribute(firm, "ИННЮЛ") or attribute(person, "ИННФЛ"),
        kpp=attribute(firm, "КПП"),
        address=_address(child(told, "Адрес")),
    )


def words_of(person: Element | None) -> str:
    """«Соколова Анна Игоревна» of whatever has a ФИО inside."""
    name = child(person, "ФИО")
    return joined(attribute(name, "Фамилия"), attribute(name, "Имя"), attribute(name, "Отчество"))


def signer_seen(told: Element) -> SeenSigner:
    """A signer of 5.03, or of 5.01 where the name stands inside of who he is."""
    inside = told
    for kind in ("ЮЛ", "ИП", "ФЛ"):
        found = child(told, kind)
        inside = found if found is not None else inside
    by_guid = next((one for one in told.iter("СвДоверЭл", "СвДовер")), None)
    by_paper = next((one for one in told.iter("СвДоверБум")), None)
    authority = ""
    if by_guid is not None:
        authority = joined(
            "МЧД №", attribute(by_guid, "НомДовер"), attribute(by_guid, "ДатаВыдДовер", "ДатаНач")
        )
    elif by_paper is not None:
        number = attribute(by_paper, "ВнНомДовер")
        authority = joined("доверенность №", number, attribute(by_paper, "ДатаВыдДовер", "ДатаДовер"))
    return SeenSigner(
        name=words_of(inside),
        position=attribute(told, "Должн") or attribute(inside, "Должн"),
        authority=authority or attribute(told, "ОснПолн"),
    )


def paper_words(told: Element) -> str:
    """«Договор поставки № ДП-15/2026 от 12.01.2026», of 5.01 as well."""
    name = attribute(told, "РеквНаимДок", "НаимДокОтгр", "НаимОсн")
    number = attribute(told, "РеквНомерДок", "НомДокОтгр", "НомОсн")
    day = attribute(told, "РеквДатаДок", "ДатаДокОтгр", "ДатаОсн")
    return joined(name, f"№ {number}" if number else "", f"от {day}" if day else "")


def _address(told: Element | None) -> str:
    if told is None:
        return ""
    free = child(told, "АдрИнф")
    if free is not None:
        return attribute(free, "АдрТекст")
    plain = child(told, "АдрРФ")
    if plain is not None:
        return joined(*(attribute(plain, name) for name in _ADDRESS), by=", ")
    registered = child(told, "АдрГАР")
    if registered is None:
        return ""
    parts = [words(registered, "НаимРегион")]
    for name in ("МуниципРайон", "ГородСелПоселен", "НаселенПункт", "ЭлПланСтруктур", "ЭлУлДорСети"):
        part = child(registered, name)
        parts.append(joined(attribute(part, "Вид", "Тип"), attribute(part, "Наим")))
    for name in ("Здание", "ПомещЗдания", "ПомещКвартиры"):
        part = child(registered, name)
        parts.append(joined(attribute(part, "Тип"), attribute(part, "Номер")))
    return joined(attribute(registered, "Индекс"), *parts, by=", ")
