"""What the invented company keeps beside 1C's goods: objects they fit, filters, papers, hours. All invented.

Goods are named by 1C's ВидНоменклатуры, properties by their names.
"""

from dataclasses import dataclass
from datetime import time
from typing import Final


@dataclass(frozen=True, slots=True)
class ApplicationData:
    """An object and the kinds of goods that fit it; every `each`-th of them, so that objects differ."""

    kind: str
    make: str = ""
    model: str = ""
    year_from: int | None = None
    year_to: int | None = None
    goods: tuple[str, ...] = ()
    each: int = 1


@dataclass(frozen=True, slots=True)
class AccessoryData:
    """Goods that are bought with others when a property says the same of both."""

    goods: str
    property: str
    with_goods: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class FacetData:
    """A filter of a section: property, how it looks, whether it is folded, unit."""

    property: str
    kind: str = "list"
    is_collapsed: bool = False
    unit: str = ""


@dataclass(frozen=True, slots=True)
class PaperData:
    """A paper of all goods of some kinds; `days_left` from the day of filling, None is for ever."""

    kind: str
    title: str
    number: str
    goods: tuple[str, ...]
    days_left: int | None = None


CUTOFFS: Final = (time(15), time(17), time(12))
"""Last hours of orders by the place of a warehouse in its city; further ones have none."""

POLICIES: Final = {
    "Москва": ("hide", 14),
    "Санкт-Петербург": ("last", 14),
    "Екатеринбург": ("order", 10),
    "Краснодар": ("order", 12),
}
"""What lists do with goods that have run out, and in how many days they come to order."""

MASKED_GROUP: Final = ("Розничные магазины", "over10", ("Магазины «Мастер Дома»",))
"""A group of clients who see stock up to ten only."""

APPLICATIONS: Final = (
    ApplicationData("Жилой дом", goods=("Розетки", "Выключатели", "Рамки", "Автоматы модульные", "УЗО")),
    ApplicationData("Офис", goods=("Панели светодиодные", "Кабель-каналы", "Витая пара", "Розетки")),
    ApplicationData("Склад", goods=("Прожекторы", "Светильники линейные", "Лотки металлические")),
    ApplicationData("Котельная", goods=("Насосы", "Краны шаровые", "Клапаны и фильтры", "Радиаторы")),
    ApplicationData("Стройплощадка", goods=("Кабель КГ", "Удлинители", "Каски", "Перчатки")),
    ApplicationData("Насосная станция", "Напорстрой", "НС-800", 2015, 2020, ("Подводка гибкая",), 2),
    ApplicationData("Насосная станция", "Напорстрой", "НС-1100", 2018, None, ("Насосы",), 2),
    ApplicationData("Насосная станция", "Гидролад", "Волна-3", None, 2019, ("Подводка гибкая", "Насосы"), 3),
    ApplicationData("Перфоратор", "Дельторк", "ДП-26", 2016, None, ("Буры и свёрла",), 2),
    ApplicationData("Перфоратор", "Дельторк", "ДП-32", 2019, 2024, ("Буры и свёрла",), 3),
    ApplicationData("Перфоратор", "Мастероваль", "МВ-800", 2014, 2022, ("Буры и свёрла",), 2),
    ApplicationData("Углошлифмашина", "Дельторк", "ДУ-125", 2017, None, ("Диски отрезные",), 2),
    ApplicationData("Углошлифмашина", "Мастероваль", "МУ-230", 2015, 2023, ("Диски отрезные",), 2),
    ApplicationData("Шуруповерт", "Мастероваль", "МШ-18", 2018, None, ("Биты", "Саморезы"), 3),
)

ACCESSORIES: Final = (
    AccessoryData("Розетки", "Серия", ("Рамки",)),
    AccessoryData("Выключатели", "Серия", ("Рамки",)),
    AccessoryData("Болты DIN 933", "Резьба", ("Гайки", "Шайбы")),
    AccessoryData("Шпильки", "Резьба", ("Гайки", "Шайбы")),
)

FACETS: Final = {
    "Болты": (
        FacetData("Резьба"),
        FacetData("Длина, мм", kind="range", unit="мм"),
        FacetData("Покрытие"),
        FacetData("Класс прочности", is_collapsed=True),
    ),
    "Автоматические выключатели": (
        FacetData("Номинальный ток, А", kind="range", unit="А"),
        FacetData("Число полюсов"),
        FacetData("Характеристика срабатывания"),
        FacetData("Серия", is_collapsed=True),
    ),
}

UNITS: Final = frozenset({"мм", "см", "м", "А", "мА", "кА", "В", "кВ", "Вт", "К", "лм", "бар"})
"""What stands after the last comma of a property's name and is its unit."""

PAPERS: Final = (
    PaperData(
        "certificate",
        "Сертификат пожарной безопасности",
        "ОП-RU.ПБ04.В.00117",
        ("Кабель ВВГнг(А)-LS", "Кабель бронированный", "Провода монтажные"),
        410,
    ),
    PaperData(
        "declaration",
        "Декларация о соответствии",
        "ОП-RU.Д.00231",
        ("Автоматы модульные", "УЗО", "Дифавтоматы", "Розетки", "Выключатели"),
        20,
    ),
    PaperData("certificate", "", "ОП-RU.С.00044", ("Автоматы модульные", "УЗО"), -15),
    PaperData("instruction", "Инструкция по монтажу", "", ("УЗО", "Дифавтоматы", "Счётчики", "Насосы")),
    PaperData("passport", "Паспорт изделия", "", ("Насосы", "Счётчики", "Радиаторы")),
)
