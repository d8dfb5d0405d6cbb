"""Conduits, ducts, trays and the small things that join and insulate wires."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Characteristic, Kind, Link, axis, choice, fixed, num

_TOP: Final = "Монтаж и прокладка кабеля"
_DUCTS: Final = ("Трассапласт", "Лоткоцентр", "Контактор-Плюс")
_SMALL: Final = ("Контактор-Плюс", "Изоленд", "Вольтанис", "Orvolt")

KINDS: Final = (
    Kind(
        key="corrugated",
        path=(_TOP, "Трубы и каналы", "Трубы гофрированные"),
        short="Трубы гофрированные",
        name="Труба гофрированная {material} {diameter} мм {weight_class} {probe} {colour}",
        code="TG",
        axes={
            "material": axis("ПВХ ПНД"),
            "diameter": axis("16 20 25 32 40 50 63"),
            "weight_class": axis("лёгкая тяжёлая"),
            "probe": axis("с зондом | без зонда", "|"),
            "colour": axis("серая чёрная"),
        },
        props=(
            choice("Материал", "{material}"),
            num("Наружный диаметр, мм", "{diameter}"),
            choice("Тип трубы", "{weight_class}"),
            choice("Протяжка", "{probe}"),
            choice("Цвет", "{colour}"),
            choice("Степень защиты IP", "IP55"),
        ),
        price=lambda s: 3 + s["diameter"] * 9 / 10,
        weight=lambda s: s["diameter"] * 3 / 1000,
        brands=_DUCTS,
        picture="corrugated:{colour}",
        about="Гофрированная труба защищает кабель при скрытой и открытой прокладке. Легко гнётся руками,"
        " длина бухты зависит от диаметра.",
        unit="006",
        packs=(("778", 50),),
        valid=lambda s: (s.text("material") == "ПНД") == (s.text("colour") == "чёрная"),
        split="diameter",
        stock=5000,
    ),
    Kind(
        key="duct",
        path=(_TOP, "Трубы и каналы", "Кабель-каналы"),
        short="Кабель-каналы",
        name="Кабель-канал {width}х{height} мм {kind}",
        code="KK",
        axes={
            "width": axis("12 15 20 25 40 60 80 100"),
            "height": axis("10 12 16 25 40 60"),
            "kind": axis("напольный настенный перфорированный"),
        },
        props=(
            num("Ширина, мм", "{width}"),
            num("Высота, мм", "{height}"),
            choice("Исполнение", "{kind}"),
            choice("Материал", "ПВХ"),
            num("Длина, м", "2"),
        ),
        price=lambda s: 14 + s["width"] * s["height"] / 12,
        weight=lambda s: (s["width"] + s["height"]) * 5 / 1000,
        brands=_DUCTS,
        picture="duct",
        about="Кабель-канал с двойным замком крышки для открытой прокладки проводов. Поставляется"
        " отрезками по 2 метра.",
        unit="006",
        packs=(("796", 2),),
        multiple=2,
        valid=lambda s: (
            s["width"] >= s["height"] >= s["width"] / 4
            and (s.text("kind") == "настенный" or s["width"] >= 25)
        ),
        characteristic=Characteristic("Цвет", ("белый", "дуб", "коричневый")),
        stock=900,
    ),
    Kind(
        key="tray",
        path=(_TOP, "Трубы и каналы", "Лотки металлические"),
        short="Лотки металлические",
        name="Лоток {kind} {width}х{height}х{length} мм {coating}",
        code="LM",
        axes={
            "width": axis("50 100 150 200 300 400 500"),
            "height": axis("50 80 100"),
            "kind": axis("перфорированный неперфорированный проволочный"),
            "coating": axis("оц. гор.оц."),
            "length": axis("3000"),
        },
        props=(
            choice("Исполнение", "{kind}"),
            num("Ширина, мм", "{width}"),
            num("Высота, мм", "{height}"),
            num("Длина, мм", "{length}"),
            choice("Покрытие", "{finish}"),
            choice("Материал", "сталь"),
            num("Толщина стенки, мм", "0,7"),
        ),
        price=lambda s: 180 + (s["width"] + s["height"] * 2) * 2,
        weight=lambda s: (s["width"] + s["height"] * 2) * 16 / 1000,
        brands=("Лоткоцентр", "Трассапласт", "Щитоград"),
        picture="tray",
        about="Лоток для прокладки кабельных трасс на подвесах и консолях, длина секции 3 метра."
        " Стыкуется соединителем без сварки.",
        links=MappingProxyType(
            {"finish": Link("coating", {"оц.": "цинк гальванический", "гор.оц.": "горячее цинкование"})}
        ),
        warehouses=("podolsk", "shushary", "ekb"),
        stock=90,
    ),
    Kind(
        key="lug",
        path=(_TOP, "Соединение и изоляция", "Наконечники и клеммы"),
        short="Наконечники",
        name="Наконечник {mark} {area}-{bolt}",
        code="NK",
        axes={
            "mark": axis("ТМЛ ТМ ТА НШВИ"),
            "area": axis("4 6 10 16 25 35 50 70 95 120"),
            "bolt": axis("5 6 8 10 12"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Сечение жилы, мм²", "{area}"),
            num("Диаметр отверстия, мм", lambda s: s["bolt"] + s["bolt"] / 20),
            choice("Материал", "{metal}"),
            choice("Способ крепления", "опрессовка"),
        ),
        price=lambda s: 4 + s["area"] * 11 / 10,
        weight=lambda s: (s["area"] + 3) / 1000,
        brands=_SMALL,
        picture="lug:{metal}",
        about="Наконечник для опрессовки жил сечением {area} мм². Отверстие под болт М{bolt}, смотровое окно"
        " помогает проверить посадку жилы.",
        packs=(("778", 50),),
        links=MappingProxyType(
            {
                "metal": Link(
                    "mark", {"ТМЛ": "медь лужёная", "ТМ": "медь", "ТА": "алюминий", "НШВИ": "медь лужёная"}
                )
            }
        ),
        valid=lambda s: (
            s["area"] <= s["bolt"] * s["bolt"]
            and s["bolt"] * 4 <= s["area"] * 2 + 20
            and (s.text("mark") != "НШВИ" or s["area"] <= 16)
        ),
        split="area",
        stock=2500,
    ),
    Kind(
        key="terminal",
        path=(_TOP, "Соединение и изоляция", "Наконечники и клеммы"),
        short="Клеммы",
        name="Клемма {kind} {poles} {area} мм²",
        code="KL",
        axes={
            "kind": axis("рычажковая | пружинная | винтовая на рейку", "|"),
            "poles": axis("2-проводная 3-проводная 4-проводная 5-проводная"),
            "area": axis("0,5-2,5 1-4 2,5-6"),
        },
        props=(
            choice("Исполнение", "{kind}"),
            num("Число проводников", lambda s: s["poles"]),
            choice("Диапазон сечений, мм²", "{area}"),
            num("Номинальный ток, А", "{amps}"),
            choice("Материал корпуса", "полиамид"),
        ),
        price=lambda s: 9 + s["poles"] * 4 + s["amps"] / 4,
        weight=lambda s: s["poles"] / 1000,
        brands=_SMALL,
        picture="terminal:{poles}",
        about="Клемма {kind} соединяет медные проводники без пайки и изоленты. Рассчитана на ток до {amps}"
        " А.",
        packs=(("778", 50),),
        links=MappingProxyType({"amps": Link("area", {"0,5-2,5": "24", "1-4": "32", "2,5-6": "41"})}),
        branded=True,
        stock=3000,
    ),
    Kind(
        key="tape",
        path=(_TOP, "Соединение и изоляция", "Изолента, термоусадка, стяжки"),
        short="Изолента",
        name="Изолента {material} {width} мм х {length} м",
        code="IZ",
        axes={
            "material": axis("ПВХ ХБ ПВХ-морозостойкая"),
            "width": axis("15 19 25 50"),
            "length": axis("10 20 25"),
        },
        props=(
            choice("Материал", "{material}"),
            num("Ширина, мм", "{width}"),
            num("Длина, м", "{length}"),
            num("Толщина, мм", "0,15"),
            num("Напряжение пробоя, кВ", "5"),
        ),
        price=lambda s: 8 + s["width"] * s["length"] / 8,
        weight=lambda s: s["width"] * s["length"] * 2 / 10000,
        brands=_SMALL[:2],
        picture="tape:blue",
        about="Изоляционная лента хорошо тянется и плотно прилегает к жиле. Цвет помогает обозначить фазы"
        " и землю.",
        packs=(("778", 10),),
        characteristic=Characteristic("Цвет", ("синяя", "чёрная", "жёлто-зелёная", "красная", "белая")),
        branded=True,
        stock=800,
    ),
    Kind(
        key="shrink",
        path=(_TOP, "Соединение и изоляция", "Изолента, термоусадка, стяжки"),
        short="Термоусадочные трубки",
        name="Трубка термоусадочная {mark} {before}/{after} {colour}",
        code="TUT",
        axes={
            "before": axis("4 6 8 10 12 16 20 25 30 40"),
            "mark": axis("ТУТ ТУТнг"),
            "colour": axis("чёрная красная синяя"),
            "after": axis("2:1"),
        },
        props=(
            choice("Марка", "{mark}"),
            num("Диаметр до усадки, мм", "{before}"),
            num("Диаметр после усадки, мм", lambda s: s["before"] / 2),
            choice("Цвет", "{colour}"),
            choice("Степень усадки", "{after}"),
        ),
        price=lambda s: 5 + s["before"] * 2,
        weight=lambda s: s["before"] * 2 / 1000,
        brands=_SMALL[:3],
        picture="shrink:{colour}",
        about="Термоусадочная трубка изолирует места пайки и оконцевания. Усаживается вдвое при"
        " температуре выше 90 °C.",
        unit="006",
        packs=(("778", 100),),
        stock=2000,
    ),
    Kind(
        key="tie",
        path=(_TOP, "Соединение и изоляция", "Изолента, термоусадка, стяжки"),
        short="Стяжки",
        name="Стяжка кабельная {width}х{length} {colour} {grade} (100 шт)",
        code="ST",
        axes={
            "length": axis("80 100 150 200 250 300 370 450"),
            "width": axis("2,5 3,6 4,8 7,6"),
            "colour": axis("белая чёрная"),
            "grade": axis("обычная морозостойкая"),
        },
        props=(
            num("Ширина, мм", "{width}"),
            num("Длина, мм", "{length}"),
            choice("Цвет", "{colour}"),
            choice("Материал", "полиамид 6.6"),
            num("Штук в упаковке", "100"),
        ),
        price=lambda s: 12 + s["width"] * s["length"] / 9,
        weight=fixed("0.15"),
        brands=_SMALL,
        picture="tie:{colour}",
        about="Нейлоновые стяжки собирают провода в жгут и держат кабель на лотке. Чёрные не боятся солнца"
        " и мороза.",
        unit="778",
        packs=(("839", 50),),
        valid=lambda s: (
            s["width"] * 80 >= s["length"] >= s["width"] * 25
            and (s.text("grade") == "обычная" or s.text("colour") == "чёрная")
        ),
        stock=500,
    ),
)
