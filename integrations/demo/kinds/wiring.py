"""Sockets, switches, frames, extension leads and plugs."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Characteristic, Kind, Link, axis, choice, fixed, num

_TOP: Final = "Розетки и выключатели"
_MAKERS: Final = ("Уютный контур", "Lavigna", "Домолад", "Нордик Клик")
_SERIES: Final = axis("«Берег» | «Лагуна» | «Маяк» | «Осень» | «Пикет»", "|")
_COLOURS: Final = Characteristic("Цвет", ("белый", "слоновая кость", "антрацит", "серебро"))

KINDS: Final = (
    Kind(
        key="socket",
        path=(_TOP, "Механизмы и рамки", "Розетки"),
        short="Розетки",
        name="Розетка {socket} {mount} {ip} серия {series}",
        code="RZ",
        axes={
            "series": _SERIES,
            "socket": axis(
                "1-местная | 1-местная с заземлением | 2-местная с заземлением | RJ45 | TV | USB A+C", "|"
            ),
            "mount": axis("скрытая открытая"),
            "ip": axis("IP20 IP44"),
        },
        props=(
            choice("Серия", "{series}"),
            choice("Исполнение", "{socket}"),
            choice("Способ установки", "{way}"),
            choice("Степень защиты IP", "{ip}"),
            num("Номинальный ток, А", "16"),
            num("Номинальное напряжение, В", "250"),
            choice("Материал", "поликарбонат"),
        ),
        price=lambda s: 96 + len(s.text("socket")) * 7 + s["ip"] * 3,
        weight=fixed("0.085"),
        brands=_MAKERS,
        picture="socket:{ip}",
        about="Розетка {socket} серии {series}, установка {mount}. Контакты из фосфористой бронзы,"
        " винтовые зажимы для проводов до 2,5 мм².",
        packs=(("778", 10),),
        links=MappingProxyType({"way": Link("mount", {"скрытая": "встраиваемый", "открытая": "навесной"})}),
        characteristic=_COLOURS,
        branded=True,
        stock=240,
    ),
    Kind(
        key="switch",
        path=(_TOP, "Механизмы и рамки", "Выключатели"),
        short="Выключатели",
        name="Выключатель {keys} {function} {amps}А серия {series}",
        code="VK",
        axes={
            "series": _SERIES,
            "keys": axis("1-клавишный 2-клавишный 3-клавишный"),
            "function": axis("обычный | проходной | с подсветкой", "|"),
            "amps": axis("6 10"),
        },
        props=(
            choice("Серия", "{series}"),
            num("Число клавиш", lambda s: s["keys"]),
            choice("Исполнение", "{function}"),
            num("Номинальный ток, А", "{amps}"),
            num("Номинальное напряжение, В", "250"),
            choice("Степень защиты IP", "IP20"),
            choice("Материал", "поликарбонат"),
        ),
        price=lambda s: 88 + s["keys"] * 34 + s["amps"] * 4,
        weight=fixed("0.078"),
        brands=_MAKERS,
        picture="switch:{keys}",
        about="Выключатель {keys}, {function}, на ток до {amps} А. Цвет подбирается к рамке серии {series}.",
        packs=(("778", 10),),
        characteristic=_COLOURS,
        branded=True,
        stock=220,
    ),
    Kind(
        key="frame",
        path=(_TOP, "Механизмы и рамки", "Рамки"),
        short="Рамки",
        name="Рамка {posts} {layout} {surface} серия {series}",
        code="RM",
        axes={
            "series": _SERIES,
            "posts": axis("1-постовая 2-постовая 3-постовая 4-постовая 5-постовая"),
            "surface": axis("глянцевая матовая стекло"),
            "layout": axis("универсальная вертикальная"),
        },
        props=(
            choice("Серия", "{series}"),
            num("Число постов", lambda s: s["posts"]),
            choice("Поверхность", "{surface}"),
            choice("Расположение", "{layout}"),
            num("Ширина, мм", lambda s: 10 + s["posts"] * 71),
        ),
        price=lambda s: 40 + s["posts"] * 48,
        weight=lambda s: s["posts"] * 25 / 1000,
        brands=_MAKERS,
        picture="frame:{posts}",
        about="Декоративная рамка серии {series} для розеток и выключателей. Не желтеет на солнце,"
        " протирается влажной тканью.",
        packs=(("778", 20),),
        valid=lambda s: s["posts"] > 1 or s.text("layout") == "универсальная",
        characteristic=_COLOURS,
        branded=True,
        stock=180,
    ),
    Kind(
        key="extension",
        path=(_TOP, "Удлинители и вилки", "Удлинители"),
        short="Удлинители",
        name="Удлинитель {body} {sockets} {length} м {wire}",
        code="UD",
        axes={
            "body": axis("бытовой | на катушке | с фильтром", "|"),
            "sockets": axis("3 гнезда | 4 гнезда | 5 гнёзд | 6 гнёзд", "|"),
            "length": axis("1,5 3 5 10 20 30 40 50"),
            "wire": axis("ПВС 3х0,75 | ПВС 3х1,5", "|"),
        },
        props=(
            choice("Исполнение", "{body}"),
            num("Число гнёзд", lambda s: s["sockets"]),
            num("Длина, м", "{length}"),
            choice("Марка провода", "ПВС"),
            choice("Заземление", "есть"),
            num("Наибольшая мощность, Вт", "{power}"),
        ),
        price=lambda s: 190 + s["length"] * 48 + s["sockets"] * 40,
        weight=lambda s: s["length"] * 12 / 100 + 3 / s["sockets"],
        brands=("Домолад", "Уютный контур", "Изоленд"),
        picture="extension:{sockets}",
        about="Удлинитель с заземляющим контактом, {sockets}, длина {length} м. Допускает нагрузку до"
        " {power} Вт.",
        links=MappingProxyType({"power": Link("wire", {"ПВС 3х0,75": "2200", "ПВС 3х1,5": "3500"})}),
        valid=lambda s: (
            (s["length"] >= 20) == (s.text("body") == "на катушке")
            and (s["length"] <= 5 or s.text("body") != "с фильтром")
        ),
        split="length",
        branded=True,
        stock=90,
    ),
    Kind(
        key="plug",
        path=(_TOP, "Удлинители и вилки", "Вилки и силовые разъёмы"),
        short="Силовые разъёмы",
        name="{part} {model} {poles} {amps}А {ip}",
        code="SR",
        axes={
            "amps": axis("16 32 63"),
            "part": axis("Вилка кабельная | Розетка кабельная | Розетка стационарная", "|"),
            "poles": axis("2P+PE 3P+PE 3P+PE+N"),
            "ip": axis("IP44 IP67"),
            "model": axis("ССИ"),
        },
        props=(
            choice("Вид изделия", "{part}"),
            choice("Число полюсов", "{poles}"),
            num("Номинальный ток, А", "{amps}"),
            choice("Степень защиты IP", "{ip}"),
            choice("Цвет", "{colour}"),
            choice("Материал", "полиамид"),
        ),
        price=lambda s: 120 + s["amps"] * 17 + (s["ip"] - 40) * 12,
        weight=lambda s: s["amps"] * 12 / 1000,
        brands=("Вольтанис", "Ампервелл", "Kermond"),
        picture="plug:{poles}",
        about="Силовой разъём на {amps} А для подключения станков, сварки и временных щитов. Фиксируется"
        " крышкой, {ip}.",
        links=MappingProxyType(
            {"colour": Link("poles", {"2P+PE": "синий", "3P+PE": "красный", "3P+PE+N": "красный"})}
        ),
        branded=True,
        stock=60,
    ),
)
