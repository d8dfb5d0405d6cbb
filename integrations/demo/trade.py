"""How the invented distributor trades: units, price types, cities and warehouses."""

from dataclasses import dataclass
from types import MappingProxyType
from typing import Final


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of the national classifier (ОКЕИ)."""

    code: str
    short: str
    full: str
    international: str


UNITS: Final = MappingProxyType(
    {
        "796": Unit("796", "шт", "Штука", "PCE"),
        "006": Unit("006", "м", "Метр", "MTR"),
        "778": Unit("778", "упак", "Упаковка", "NMP"),
        "166": Unit("166", "кг", "Килограмм", "KGM"),
        "839": Unit("839", "компл", "Комплект", "SET"),
    }
)


@dataclass(frozen=True, slots=True)
class PriceLevel:
    """A price type of 1C; `percent` of the retail price. The purchase one is never shown to clients."""

    key: str
    name: str
    percent: int
    hidden: bool = False


PRICE_LEVELS: Final = (
    PriceLevel("retail", "Розничная", 100),
    PriceLevel("small", "Мелкий опт", 93),
    PriceLevel("wholesale", "Опт", 88),
    PriceLevel("large", "Крупный опт", 82),
    PriceLevel("purchase", "Закупочная", 69, hidden=True),
)


@dataclass(frozen=True, slots=True)
class Storehouse:
    """A warehouse; `depth` tells how much it holds (percent of the usual amount)."""

    key: str
    name: str
    city: str
    address: str
    depth: int


STOREHOUSES: Final = (
    Storehouse(
        "podolsk",
        "Подольск (основной)",
        "Москва",
        "142101, Московская обл., г. Подольск, ул. Складская, д. 4",
        180,
    ),
    Storehouse("khimki", "Химки", "Москва", "141401, Московская обл., г. Химки, Вашутинское ш., д. 29", 70),
    Storehouse(
        "shushary",
        "Шушары",
        "Санкт-Петербург",
        "196626, г. Санкт-Петербург, пос. Шушары, Московское ш., д. 177",
        110,
    ),
    Storehouse(
        "parnas", "Парнас", "Санкт-Петербург", "194292, г. Санкт-Петербург, 3-й Верхний пер., д. 12", 50
    ),
    Storehouse("ekb", "Екатеринбург", "Екатеринбург", "620024, г. Екатеринбург, ул. Бисертская, д. 145", 80),
    Storehouse("krasnodar", "Краснодар", "Краснодар", "350059, г. Краснодар, ул. Уральская, д. 116", 65),
)


def price_levels(count: int) -> tuple[PriceLevel, ...]:
    """The price types, and as many special ones as are wanted above them."""
    special = (
        PriceLevel(f"special{number}", f"Особая {number}", 90 - number)
        for number in range(1, count - len(PRICE_LEVELS) + 1)
    )
    return (*PRICE_LEVELS, *special)


def storehouses(count: int) -> tuple[Storehouse, ...]:
    """The warehouses, and as many further ones in the same cities as are wanted above them."""
    further = (
        Storehouse(f"further{number}", f"Склад {number}", STOREHOUSES[number % 6].city, "", 60)
        for number in range(1, count - len(STOREHOUSES) + 1)
    )
    return (*STOREHOUSES, *further)
