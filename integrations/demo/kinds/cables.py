"""Cables and wires; sold by the metre."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Characteristic, Kind, Link, axis, choice, num, text

_TOP: Final = "Кабель и провод"
_MAKERS: Final = ("Кабельстан", "Сибжила", "Волжский проводник", "Медная нить", "Токопровод-Юг")
_METRE: Final = "006"
_COILS: Final = (("778", 100),)

KINDS: Final = (
    Kind(
        key="vvg",
        path=(_TOP, "Силовой кабель", "Кабель ВВГнг(А)-LS"),
        short="Кабель ВВГнг(А)-LS",
        name="Кабель силовой {mark} {cores}х{area}",
        code="VVG",
        axes={
            "cores": axis("2 3 4 5"),
            "area": axis("1,5 2,5 4 6 10 16 25 35 50"),
            "mark": axis("ВВГнг(А)-LS | ВВГ-Пнг(А)-LS | ВВГнг(А)-FRLS", "|"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Число жил", "{cores}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "медь"),
            num("Номинальное напряжение, кВ", "0,66"),
            choice("Материал изоляции", "ПВХ пониженной пожарной опасности"),
            choice("Прокладка", "в помещениях, кабельных каналах и лотках"),
            num(
                "Наружный диаметр, мм",
                lambda s: 4 + s["cores"] + s["area"] * 3 / 10 + s["cores"] * s["area"] / 20,
            ),
            text("Нормативный документ", "ГОСТ 31996-2012"),
        ),
        price=lambda s: (9 + s["cores"] * s["area"] * 15) * (2 if "FRLS" in s.text("mark") else 1),
        weight=lambda s: (s["cores"] * s["area"] * 12 + 30) / 1000,
        brands=_MAKERS,
        picture="cable:{cores}:black",
        about="Силовой кабель с медными жилами сечением {area} мм² для стационарной прокладки в жилых и"
        " общественных"
        " зданиях. Не распространяет горение при групповой прокладке, выделяет мало дыма и газов.",
        unit=_METRE,
        packs=_COILS,
        valid=lambda s: s["area"] <= 6 or "-П" not in s.text("mark"),
        split="area",
        popular=True,
        stock=4000,
    ),
    Kind(
        key="avbbshv",
        path=(_TOP, "Силовой кабель", "Кабель бронированный"),
        short="Кабель бронированный",
        name="Кабель бронированный {mark} {cores}х{area}",
        code="BSH",
        axes={
            "area": axis("6 10 16 25 35 50 70 95 120"),
            "cores": axis("3 4 5"),
            "mark": axis("АВБбШв ВБШвнг(А)-LS"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Число жил", "{cores}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "{metal}"),
            num("Номинальное напряжение, кВ", "1"),
            choice("Броня", "две стальные ленты"),
            choice("Прокладка", "в земле, траншеях и по конструкциям"),
            num("Минимальная температура прокладки, °C", "-15"),
        ),
        price=lambda s: 60 + s["cores"] * s["area"] * (3 if s.text("mark").startswith("А") else 16),
        weight=lambda s: (s["cores"] * s["area"] * 9 + 350) / 1000,
        brands=_MAKERS,
        picture="armoured:{cores}:black",
        about="Кабель с бронёй из двух стальных лент для прокладки в земле без дополнительной защиты."
        " Выдерживает механические нагрузки и грызунов, отгружается отрезком нужной длины.",
        unit=_METRE,
        links=MappingProxyType({"metal": Link("mark", {"АВБбШв": "алюминий", "ВБШвнг(А)-LS": "медь"})}),
        split="area",
        warehouses=("podolsk", "shushary", "ekb"),
        stock=1200,
    ),
    Kind(
        key="puv",
        path=(_TOP, "Провода и шнуры", "Провода монтажные"),
        short="Провода монтажные",
        name="Провод {mark} 1х{area}",
        code="PUV",
        axes={
            "mark": axis("ПуВ ПуГВ ПуГВнг(А)-LS"),
            "area": axis("0,5 0,75 1 1,5 2,5 4 6 10 16 25"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "медь"),
            choice("Гибкость жилы", "{flex}"),
            num("Номинальное напряжение, В", "450"),
            num("Наружный диаметр, мм", lambda s: 2 + s["area"] * 35 / 100),
            text("Нормативный документ", "ГОСТ 31947-2012"),
        ),
        price=lambda s: 3 + s["area"] * 16,
        weight=lambda s: (s["area"] * 10 + 5) / 1000,
        brands=_MAKERS,
        picture="coil:blue",
        about="Установочный провод с одной медной жилой для сборки щитов, прокладки в трубах и каналах."
        " Цвет изоляции выбирается при заказе: он определяет назначение проводника.",
        unit=_METRE,
        packs=_COILS,
        links=MappingProxyType(
            {"flex": Link("mark", {"ПуВ": "класс 1", "ПуГВ": "класс 5", "ПуГВнг(А)-LS": "класс 5"})}
        ),
        characteristic=Characteristic(
            "Цвет изоляции", ("белый", "синий", "жёлто-зелёный", "красный", "чёрный")
        ),
        stock=3000,
    ),
    Kind(
        key="pvs",
        path=(_TOP, "Провода и шнуры", "Шнуры и гибкий кабель"),
        short="Провод ПВС и ШВВП",
        name="Провод {mark} {cores}х{area}",
        code="PVS",
        axes={
            "mark": axis("ПВС ШВВП"),
            "cores": axis("2 3 4 5"),
            "area": axis("0,5 0,75 1 1,5 2,5 4 6"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Число жил", "{cores}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "медь"),
            choice("Гибкость жилы", "класс 5"),
            choice("Цвет", "белый"),
            num("Номинальное напряжение, В", "380"),
        ),
        price=lambda s: 6 + s["cores"] * s["area"] * 15,
        weight=lambda s: (s["cores"] * s["area"] * 13 + 20) / 1000,
        brands=_MAKERS,
        picture="cable:{cores}:white",
        about="Гибкий соединительный провод для бытовых приборов, удлинителей и переносного освещения."
        " Жилы скручены из тонких проволок и выдерживают многократные перегибы.",
        unit=_METRE,
        packs=_COILS,
        valid=lambda s: s.text("mark") == "ПВС" or (s["cores"] <= 3 and s["area"] <= 1),
        split="area",
        stock=3500,
    ),
    Kind(
        key="kg",
        path=(_TOP, "Провода и шнуры", "Шнуры и гибкий кабель"),
        short="Кабель КГ",
        name="Кабель гибкий {mark} {cores}х{area}",
        code="KG",
        axes={
            "area": axis("2,5 4 6 10 16 25 35"),
            "cores": axis("1 2 3 4"),
            "mark": axis("КГ КГтп-ХЛ"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Число жил", "{cores}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "медь"),
            choice("Материал изоляции", "резина"),
            num("Минимальная температура эксплуатации, °C", "{frost}"),
        ),
        price=lambda s: 30 + s["cores"] * s["area"] * 17,
        weight=lambda s: (s["cores"] * s["area"] * 15 + 60) / 1000,
        brands=_MAKERS[:3],
        picture="cable:{cores}:rubber",
        about="Гибкий кабель в резиновой оболочке для сварочных аппаратов, кранов и передвижных механизмов."
        " Сохраняет гибкость на морозе.",
        unit=_METRE,
        links=MappingProxyType({"frost": Link("mark", {"КГ": "-40", "КГтп-ХЛ": "-60"})}),
        stock=900,
    ),
    Kind(
        key="utp",
        path=(_TOP, "Слаботочный кабель", "Витая пара"),
        short="Витая пара",
        name="Кабель витая пара {screen} {pairs}х2х{wire} {category} {sheath}",
        code="UTP",
        axes={
            "category": axis("Cat.5e Cat.6 Cat.6A"),
            "screen": axis("U/UTP F/UTP"),
            "pairs": axis("2 4"),
            "wire": axis("0,48 0,52 0,57"),
            "sheath": axis("PVC LSZH PE"),
        },
        props=(
            choice("Категория", "{category}"),
            choice("Экран", "{screen}"),
            num("Число пар", "{pairs}"),
            num("Диаметр жилы, мм", "{wire}"),
            choice("Материал оболочки", "{sheath}"),
            choice("Место прокладки", "{place}"),
            num("Полоса частот, МГц", "{band}"),
        ),
        price=lambda s: 6 + s["pairs"] * s["wire"] * 14,
        weight=lambda s: (s["pairs"] * 7 + 8) / 1000,
        brands=("Кабельстан", "Медная нить", "Изоленд"),
        picture="twisted:{pairs}",
        about="Кабель для локальных сетей и видеонаблюдения, категория {category}. Метровая разметка на"
        " оболочке"
        " упрощает расчёт остатка в бухте.",
        unit=_METRE,
        packs=(("778", 305),),
        links=MappingProxyType(
            {
                "place": Link(
                    "sheath", {"PVC": "внутренняя", "LSZH": "внутренняя, пути эвакуации", "PE": "наружная"}
                ),
                "band": Link("category", {"Cat.5e": "100", "Cat.6": "250", "Cat.6A": "500"}),
            }
        ),
        valid=lambda s: s["pairs"] == 4 or s.text("category") == "Cat.5e",
        stock=6000,
    ),
    Kind(
        key="kps",
        path=(_TOP, "Слаботочный кабель", "Кабель для сигнализации"),
        short="Кабель для сигнализации",
        name="Кабель {mark} {pairs}х2х{area}",
        code="KPS",
        axes={
            "mark": axis("КПСнг(А)-FRLS КПСЭнг(А)-FRLS КПСнг(А)-FRHF"),
            "pairs": axis("1 2 4"),
            "area": axis("0,2 0,35 0,5 0,75 1 1,5 2,5"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Число пар", "{pairs}"),
            num("Сечение жилы, мм²", "{area}"),
            choice("Материал жилы", "медь"),
            choice("Цвет", "оранжевый"),
            num("Огнестойкость, мин", "180"),
        ),
        price=lambda s: 9 + s["pairs"] * s["area"] * 44,
        weight=lambda s: (s["pairs"] * s["area"] * 26 + 14) / 1000,
        brands=("Сибжила", "Кабельстан", "Токопровод-Юг"),
        picture="cable:2:orange",
        about="Огнестойкий кабель для систем пожарной сигнализации и оповещения. Сохраняет работоспособность"
        " в огне не менее 180 минут, поставляется бухтами по 200 метров.",
        unit=_METRE,
        packs=(("778", 200),),
        split="area",
        warehouses=("podolsk", "khimki", "parnas", "krasnodar"),
        stock=2500,
    ),
)
