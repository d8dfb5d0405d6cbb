"""offers0_N.xml: price types, warehouses, prices and stock; and the quick file of changes."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from decimal import Decimal
from pathlib import Path

from integrations.demo.catalogue import Catalogue
from integrations.demo.goods import Good, Offer, stocks
from integrations.demo.identity import Noise, guid
from integrations.demo.parts import CATALOGUE_NAME, amount, write_head, write_owner, write_unit
from integrations.demo.trade import UNITS
from integrations.demo.xmlfile import XmlFile, commerceml

_CURRENCY = "RUB"


@contextmanager
def offers_file(path: Path, catalogue: Catalogue, *, first: bool) -> Iterator[XmlFile]:
    """Open a package for offers; it names price types and warehouses every time."""
    with commerceml(path, catalogue.options.formed_at) as xml:
        if first:
            with xml.element("Классификатор"):
                write_head(xml, catalogue)
        with xml.element("ПакетПредложений", {"СодержитТолькоИзменения": "false" if first else "true"}):
            xml.leaf("Ид", f"{catalogue.guid}#")
            xml.leaf("Наименование", f"Пакет предложений ({CATALOGUE_NAME})")
            xml.leaf("ИдКаталога", catalogue.guid)
            xml.leaf("ИдКлассификатора", catalogue.guid)
            write_owner(xml, catalogue)
            _write_price_types(xml, catalogue)
            _write_warehouses(xml, catalogue)
            with xml.element("Предложения"):
                yield xml


def _write_price_types(xml: XmlFile, catalogue: Catalogue) -> None:
    with xml.element("ТипыЦен"):
        for level in catalogue.levels:
            with xml.element("ТипЦены"):
                xml.leaf("Ид", catalogue.level_guid(level.key))
                xml.leaf("Наименование", level.name)
                xml.leaf("Валюта", _CURRENCY)
                with xml.element("Налог"):
                    xml.leaf("Наименование", "НДС")
                    xml.leaf("УчтеноВСумме", "true")
                    xml.leaf("Акциз", "false")


def _write_warehouses(xml: XmlFile, catalogue: Catalogue) -> None:
    with xml.element("Склады"):
        for house in catalogue.storehouses:
            with xml.element("Склад"):
                xml.leaf("Ид", catalogue.storehouse_guid(house.key))
                xml.leaf("Наименование", house.name)
                with xml.element("Адрес"):
                    xml.leaf("Представление", house.address)


def write_offers(xml: XmlFile, good: Good, catalogue: Catalogue) -> None:
    """Write the offers of a good: one, or one for each characteristic with the id `good#characteristic`."""
    for offer in good.offers:
        suffix = f" ({offer.characteristic})" if offer.characteristic else ""
        with xml.element("Предложение"):
            xml.leaf("Ид", f"{good.guid}#{offer.characteristic_guid}" if suffix else good.guid)
            xml.leaf("Штрихкод", offer.barcode)
            xml.leaf("Артикул", good.article)
            xml.leaf("Наименование", good.name + suffix)
            write_unit(xml, good.kind)
            if good.kind.characteristic and offer.characteristic:
                _write_characteristic(xml, good.kind.characteristic.name, offer, catalogue)
            _write_prices(xml, good, offer, catalogue, presented=True)
            xml.leaf("Количество", amount(sum(offer.stocks, Decimal(0))))
            for house, stock in zip(catalogue.storehouses, offer.stocks, strict=True):
                xml.empty(
                    "Склад",
                    {"ИдСклада": catalogue.storehouse_guid(house.key), "КоличествоНаСкладе": amount(stock)},
                )


def _write_characteristic(xml: XmlFile, name: str, offer: Offer, catalogue: Catalogue) -> None:
    with xml.element("ХарактеристикиТовара"), xml.element("ХарактеристикаТовара"):
        xml.leaf("Ид", guid(catalogue.options.seed, "characteristic-property", name))
        xml.leaf("Наименование", name)
        xml.leaf("Значение", offer.characteristic)


def _write_prices(xml: XmlFile, good: Good, offer: Offer, catalogue: Catalogue, *, presented: bool) -> None:
    unit = UNITS[good.kind.unit]
    with xml.element("Цены"):
        for level, price in zip(catalogue.levels, offer.prices, strict=True):
            with xml.element("Цена"):
                if presented:
                    xml.leaf("Представление", f"{price} {_CURRENCY} за {unit.short}")
                xml.leaf("ИдТипаЦены", catalogue.level_guid(level.key))
                xml.leaf("ЦенаЗаЕдиницу", str(price))
                xml.leaf("Валюта", _CURRENCY)
                xml.leaf("Единица", unit.code)
                xml.leaf("Коэффициент", "1")


def write_offers_delta(
    path: Path, catalogue: Catalogue, *, formed_at: datetime, revision: int = 1, percent: int = 5
) -> int:
    """Write ИзмененияПакетаПредложений: new stock of some offers, new prices of half of them.

    About `percent` of the offers change; the same revision gives the same file. Returns the number
    of changed offers. Warehouses without stock are left out, as 1C does.
    """
    changed = 0
    with commerceml(path, formed_at) as xml, xml.element("ИзмененияПакетаПредложений"):
        xml.leaf("Ид", f"{catalogue.guid}#")
        xml.leaf("ИдКаталога", catalogue.guid)
        with xml.element("Предложения"):
            for good in catalogue.goods():
                for offer in good.offers if not good.deleted else ():
                    noise = Noise(
                        str(catalogue.options.seed), "delta", str(revision), good.guid, offer.barcode
                    )
                    if noise.percent(percent):
                        _write_change(xml, good, offer, catalogue, noise)
                        changed += 1
    return changed


def _write_change(xml: XmlFile, good: Good, offer: Offer, catalogue: Catalogue, noise: Noise) -> None:
    repriced, step = noise.percent(50), Decimal(noise.between(95, 108)) / 100
    fresh = stocks(good.kind, noise, catalogue.storehouses)
    with xml.element("Предложение"):
        xml.leaf("Ид", good.guid)
        if offer.characteristic:
            xml.leaf("ИдХарактеристики", offer.characteristic_guid)
        for house, stock in zip(catalogue.storehouses, fresh, strict=True):
            if stock:
                xml.empty(
                    "Склады",
                    {"ИдСклада": catalogue.storehouse_guid(house.key), "КоличествоНаСкладе": amount(stock)},
                )
        if repriced:
            _write_prices(xml, good, offer.repriced(step), catalogue, presented=False)
        xml.leaf("Количество", amount(sum(fresh, Decimal(0))))
