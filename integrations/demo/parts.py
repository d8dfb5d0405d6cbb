"""Pieces of CommerceML that goods and offers have in common."""

from decimal import Decimal

from integrations.demo.catalogue import Catalogue
from integrations.demo.fiction import ORGANIZATIONS
from integrations.demo.identity import guid
from integrations.demo.kind import Kind, plain
from integrations.demo.trade import UNITS
from integrations.demo.xmlfile import XmlFile

CATALOGUE_NAME = "Основной каталог товаров"


def write_owner(xml: XmlFile, catalogue: Catalogue) -> None:
    """Write Владелец: the seller organization that exports the catalogue."""
    owner = ORGANIZATIONS[0]
    with xml.element("Владелец"):
        xml.leaf("Ид", guid(catalogue.options.seed, "organization", owner.key))
        xml.leaf("Наименование", owner.short_name)
        xml.leaf("ОфициальноеНаименование", owner.full_name)
        xml.leaf("ИНН", owner.requisites.inn)
        xml.leaf("КПП", owner.requisites.kpp)


def write_head(xml: XmlFile, catalogue: Catalogue) -> None:
    """Write the name and owner of the classifier."""
    xml.leaf("Ид", catalogue.guid)
    xml.leaf("Наименование", f"Классификатор ({CATALOGUE_NAME})")
    write_owner(xml, catalogue)


def write_unit(xml: XmlFile, kind: Kind) -> None:
    """Write БазоваяЕдиница with packages as Пересчет; 1C pads the code to four signs."""
    unit = UNITS[kind.unit]
    attributes = {
        "Код": f"{unit.code:4}",
        "НаименованиеПолное": unit.full,
        "МеждународноеСокращение": unit.international,
    }
    with xml.element("БазоваяЕдиница", attributes):
        for code, count in ((kind.unit, 1), *kind.packs):
            with xml.element("Пересчет"):
                xml.leaf("Единица", code)
                xml.leaf("Коэффициент", str(count))


def amount(value: Decimal) -> str:
    """Write a quantity: up to three decimals, no trailing zeros."""
    return plain(value, 3)
