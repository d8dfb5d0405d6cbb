"""Units of measure, as tolerant as 1C is careless with them."""

from decimal import Decimal

from lxml import etree

from integrations.onec.reading.elements import LOCAL, attribute, child_text, text
from integrations.onec.reading.records import UnitRecord
from integrations.onec.texts import number, one_line

CODE_LENGTH, NAME_LENGTH = 4, 50

# Short names of ОКЕИ for files that give the code and «Штука» only.
_SHORT_NAMES = {
    "006": "м", "055": "м2", "113": "м3", "112": "л", "163": "г", "166": "кг", "168": "т", "018": "пог. м",
    "625": "лист", "657": "изд", "704": "набор", "715": "пар", "728": "пач", "736": "рул", "778": "упак",
    "796": "шт", "798": "тыс. шт", "812": "ящ", "839": "компл", "868": "бут", "872": "флак", "876": "ед",
    "8751": "кор",
}  # fmt: skip
_UNKNOWN_NAME = "ед"


def unit_record(element: etree._Element | None) -> UnitRecord:
    """Read БазоваяЕдиница: attributes, short name in the text, or a bare code in the text (3.1)."""
    if element is None:
        return unit_named("", "")
    code, short = attribute(element, "Код"), text(element)
    full_name = one_line(attribute(element, "НаименованиеПолное"), 100)
    if not code and short.isdigit():
        code, short = short, ""
    short = short or attribute(element, "НаименованиеКраткое")
    international = attribute(element, "МеждународноеСокращение").strip("-")[:10]
    known = unit_named(code, short or _SHORT_NAMES.get(code, "") or full_name)
    is_reference = bool(known.code) and not short and not full_name
    return UnitRecord(known.code, known.name, full_name, international, is_reference)


def unit_named(code: str, name: str) -> UnitRecord:
    """Make a unit of a code and a name of which either may be missing or too long."""
    code = code if len(code) <= CODE_LENGTH else ""
    name = name or _SHORT_NAMES.get(code, "") or code or _UNKNOWN_NAME
    return UnitRecord(code, one_line(name, NAME_LENGTH))


def unit_of_reference(value: str) -> UnitRecord:
    """Make a unit of what stands in Единица: a code, or a short name."""
    value = value.strip()
    return unit_named(value, "") if value.isdigit() else unit_named("", value)


def unit_from_list(element: etree._Element) -> UnitRecord:
    """Read an entry of the units of 3.1."""
    code = child_text(element, "Код")
    full_name = one_line(child_text(element, "НаименованиеПолное"), 100)
    short = child_text(element, "НаименованиеКраткое") or _SHORT_NAMES.get(code, "") or full_name
    known = unit_named(code, short)
    return UnitRecord(known.code, known.name, full_name, child_text(element, "МеждународноеСокращение")[:10])


def packs(element: etree._Element | None) -> tuple[tuple[str, Decimal], ...]:
    """Read Пересчет: (unit as referred to, how many base units), the base unit itself left out."""
    if element is None:
        return ()
    found = []
    for item in element:
        if LOCAL[item.tag] != "Пересчет":
            continue
        coefficient = number(child_text(item, "Коэффициент"))
        unit = child_text(item, "Единица")
        if unit and coefficient is not None and coefficient > 0 and coefficient != 1:
            found.append((unit, coefficient.quantize(Decimal("0.001"))))
    return tuple(pair for pair in found if pair[1] > 0)
