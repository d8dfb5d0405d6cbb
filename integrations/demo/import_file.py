"""import0_N.xml: the classifier and one portion of goods."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from integrations.demo.catalogue import Catalogue
from integrations.demo.goods import Good
from integrations.demo.kind import ValueType
from integrations.demo.parts import CATALOGUE_NAME, amount, write_head, write_owner, write_unit
from integrations.demo.properties import PropertyEntry
from integrations.demo.sections import SectionNode
from integrations.demo.xmlfile import XmlFile, commerceml


@contextmanager
def import_file(path: Path, catalogue: Catalogue, *, first: bool) -> Iterator[XmlFile]:
    """Open a portion for goods; only the first one has the classifier and is a full export."""
    with commerceml(path, catalogue.options.formed_at) as xml:
        if first:
            _write_classifier(xml, catalogue)
        with xml.element("Каталог", {"СодержитТолькоИзменения": "false" if first else "true"}):
            xml.leaf("Ид", catalogue.guid)
            xml.leaf("ИдКлассификатора", catalogue.guid)
            xml.leaf("Наименование", CATALOGUE_NAME)
            write_owner(xml, catalogue)
            with xml.element("Товары"):
                yield xml


def _write_classifier(xml: XmlFile, catalogue: Catalogue) -> None:
    with xml.element("Классификатор"):
        write_head(xml, catalogue)
        _write_groups(xml, catalogue.sections.roots)
        with xml.element("Свойства"):
            for entry in catalogue.properties.entries.values():
                _write_property(xml, entry)


def _write_groups(xml: XmlFile, nodes: list[SectionNode]) -> None:
    with xml.element("Группы"):
        for node in nodes:
            with xml.element("Группа"):
                xml.leaf("Ид", node.guid)
                xml.leaf("Наименование", node.name)
                if node.children:
                    _write_groups(xml, node.children)


def _write_property(xml: XmlFile, entry: PropertyEntry) -> None:
    with xml.element("Свойство"):
        xml.leaf("Ид", entry.guid)
        xml.leaf("Наименование", entry.name)
        xml.leaf("ТипЗначений", entry.type.value)
        if entry.type is ValueType.CHOICE:
            with xml.element("ВариантыЗначений"):
                for value, value_guid in entry.values.items():
                    with xml.element("Справочник"):
                        xml.leaf("ИдЗначения", value_guid)
                        xml.leaf("Значение", value)


def write_good(xml: XmlFile, good: Good, pictures: tuple[str, ...]) -> None:
    """Write one Товар; a deleted good is marked by the attribute of 2.07."""
    with xml.element("Товар", {"Статус": "Удален"} if good.deleted else None):
        xml.leaf("Ид", good.guid)
        xml.leaf("Штрихкод", good.barcode)
        xml.leaf("Артикул", good.article)
        xml.leaf("Наименование", good.name)
        write_unit(xml, good.kind)
        with xml.element("Группы"):
            xml.leaf("Ид", good.section)
        xml.leaf("Описание", good.description)
        for picture in pictures:
            xml.leaf("Картинка", picture)
        with xml.element("Изготовитель"):
            xml.leaf("Ид", good.maker_guid)
            xml.leaf("Наименование", good.brand)
        with xml.element("ЗначенияСвойств"):
            for property_guid, value in good.values:
                with xml.element("ЗначенияСвойства"):
                    xml.leaf("Ид", property_guid)
                    xml.leaf("Значение", value)
        _write_vat(xml, good)
        _write_details(xml, good)


def _write_vat(xml: XmlFile, good: Good) -> None:
    with xml.element("СтавкиНалогов"), xml.element("СтавкаНалога"):
        xml.leaf("Наименование", "НДС")
        xml.leaf("Ставка", good.kind.vat)


def _write_details(xml: XmlFile, good: Good) -> None:
    details = {
        "Код": good.code,
        "ВидНоменклатуры": good.kind.short,
        "ТипНоменклатуры": "Товар",
        "Полное наименование": good.full_name,
        "Вес": amount(good.weight),
    }
    if good.kind.multiple:
        details["Кратность"] = str(good.kind.multiple)
    with xml.element("ЗначенияРеквизитов"):
        for name, value in details.items():
            with xml.element("ЗначениеРеквизита"):
                xml.leaf("Наименование", name)
                xml.leaf("Значение", value)
