"""Metric fasteners: bolts, nuts, washers, screws, threaded rods."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num, text

_TOP: Final = "Крепёж"
_MAKERS: Final = ("Метизар", "Болтовик", "Крепстан", "Forgenta", "Резьба и ко")
_THREADS: Final = axis("М5 М6 М8 М10 М12 М16 М20 М24")
_WRENCH: Final = MappingProxyType(
    {"М5": "8", "М6": "10", "М8": "13", "М10": "17", "М12": "19", "М16": "24", "М20": "30", "М24": "36"}
)
_FINISHES: Final = MappingProxyType(
    {
        "оц.": "цинк белый",
        "жёлт.оц.": "цинк жёлтый",
        "б/п": "без покрытия",
        "А2": "без покрытия",
        "фосф.": "фосфат",
    }
)
_STEELS: Final = MappingProxyType(
    {"оц.": "сталь", "жёлт.оц.": "сталь", "б/п": "сталь", "А2": "нержавеющая сталь", "фосф.": "сталь"}
)
_METAL: Final = MappingProxyType(
    {
        "wrench": Link("thread", _WRENCH),
        "finish": Link("coating", _FINISHES),
        "metal": Link("coating", _STEELS),
    }
)
_COATED: Final = MappingProxyType({"finish": Link("coating", _FINISHES), "metal": Link("coating", _STEELS)})

KINDS: Final = (
    Kind(
        key="bolt",
        path=(_TOP, "Метрический крепёж", "Болты"),
        short="Болты DIN 933",
        name="Болт DIN 933 {thread}х{length} {coating}",
        code="933",
        axes={
            "thread": _THREADS,
            "length": axis("16 20 25 30 40 50 60 80 100 120"),
            "coating": axis("оц. А2"),
        },
        props=(
            choice("Стандарт", "DIN 933"),
            choice("Резьба", "{thread}"),
            num("Длина, мм", "{length}"),
            choice("Материал", "{metal}"),
            choice("Покрытие", "{finish}"),
            num("Размер под ключ, мм", "{wrench}"),
            text("Класс прочности", "8.8"),
        ),
        price=lambda s: (
            1 + s["thread"] * s["thread"] * s["length"] / (900 if s.text("coating") == "оц." else 260)
        ),
        weight=lambda s: s["thread"] * s["thread"] * (s["length"] + s["thread"]) * 6 / 1000000,
        brands=_MAKERS,
        picture="bolt:{coating}",
        about="Болт с шестигранной головкой и полной резьбой {thread}, размер под ключ {wrench} мм."
        " Применяется в машиностроении, металлоконструкциях и монтаже оборудования.",
        packs=(("778", 100),),
        links=_METAL,
        valid=lambda s: s["thread"] * 2 <= s["length"] <= s["thread"] * 12,
        popular=True,
        stock=9000,
    ),
    Kind(
        key="nut",
        path=(_TOP, "Метрический крепёж", "Гайки и шайбы"),
        short="Гайки",
        name="Гайка {standard} {thread} {coating}",
        code="GK",
        axes={
            "standard": axis("DIN 934 | DIN 985 | DIN 6923 | DIN 1587", "|"),
            "thread": _THREADS,
            "coating": axis("оц. А2"),
        },
        props=(
            choice("Стандарт", "{standard}"),
            choice("Исполнение крепежа", "{shape}"),
            choice("Резьба", "{thread}"),
            choice("Материал", "{metal}"),
            choice("Покрытие", "{finish}"),
            num("Размер под ключ, мм", "{wrench}"),
        ),
        price=lambda s: s["thread"] * s["thread"] / (45 if s.text("coating") == "оц." else 14) + 1,
        weight=lambda s: s["thread"] * s["thread"] * s["thread"] * 9 / 1000000,
        brands=_MAKERS,
        picture="nut:{coating}",
        about="Гайка {shape} с метрической резьбой {thread} по {standard}. Ключ {wrench} мм.",
        packs=(("778", 200),),
        links=MappingProxyType(
            {
                **_METAL,
                "shape": Link(
                    "standard",
                    {
                        "DIN 934": "шестигранная",
                        "DIN 985": "самоконтрящаяся",
                        "DIN 6923": "с фланцем",
                        "DIN 1587": "колпачковая",
                    },
                ),
            }
        ),
        split="thread",
        popular=True,
        stock=15000,
    ),
    Kind(
        key="washer",
        path=(_TOP, "Метрический крепёж", "Гайки и шайбы"),
        short="Шайбы",
        name="Шайба {standard} {thread} {coating}",
        code="SH",
        axes={
            "standard": axis("DIN 125 | DIN 9021 | DIN 127", "|"),
            "thread": _THREADS,
            "coating": axis("оц. А2 б/п"),
        },
        props=(
            choice("Стандарт", "{standard}"),
            choice("Исполнение крепежа", "{shape}"),
            choice("Резьба", "{thread}"),
            choice("Материал", "{metal}"),
            choice("Покрытие", "{finish}"),
            num("Наружный диаметр, мм", lambda s: s["thread"] * 2),
        ),
        price=lambda s: (
            s["thread"] / 12 + (s["thread"] / 4 if s.text("coating") == "А2" else 0) + s["thread"] / 40
        ),
        weight=lambda s: s["thread"] * s["thread"] * 4 / 100000,
        brands=_MAKERS,
        picture="washer:{coating}",
        about="Шайба {shape} распределяет нагрузку и бережёт поверхность детали. Под резьбу {thread}.",
        packs=(("778", 500),),
        links=MappingProxyType(
            {
                **_COATED,
                "shape": Link(
                    "standard", {"DIN 125": "плоская", "DIN 9021": "увеличенная", "DIN 127": "пружинная"}
                ),
            }
        ),
        split="thread",
        stock=25000,
    ),
    Kind(
        key="screw",
        path=(_TOP, "Метрический крепёж", "Винты и шпильки"),
        short="Винты",
        name="Винт {standard} {thread}х{length} {coating}",
        code="VN",
        axes={
            "standard": axis("DIN 912 | DIN 7985 | DIN 965", "|"),
            "thread": axis("М3 М4 М5 М6 М8 М10 М12"),
            "length": axis("10 16 20 30 40 60"),
            "coating": axis("оц."),
        },
        props=(
            choice("Стандарт", "{standard}"),
            choice("Шлиц", "{drive}"),
            choice("Резьба", "{thread}"),
            num("Длина, мм", "{length}"),
            choice("Материал", "{metal}"),
            choice("Покрытие", "{finish}"),
        ),
        price=lambda s: 1 + s["thread"] * s["thread"] * s["length"] / 500,
        weight=lambda s: s["thread"] * s["thread"] * s["length"] * 6 / 1000000,
        brands=_MAKERS,
        picture="screw:{drive}",
        about="Винт с резьбой {thread} длиной {length} мм, шлиц: {drive}. Подходит для сборки механизмов и"
        " корпусов.",
        packs=(("778", 200),),
        links=MappingProxyType(
            {
                **_COATED,
                "drive": Link(
                    "standard",
                    {"DIN 912": "внутренний шестигранник", "DIN 7985": "крест", "DIN 965": "крест потай"},
                ),
            }
        ),
        valid=lambda s: (
            s["thread"] * 3 / 2 <= s["length"] <= s["thread"] * 12
            and (s["thread"] <= 6 or s.text("standard") == "DIN 912")
        ),
        split="thread",
        stock=8000,
    ),
    Kind(
        key="rod",
        path=(_TOP, "Метрический крепёж", "Винты и шпильки"),
        short="Шпильки",
        name="Шпилька резьбовая DIN 975 {thread}х{length} {grade} {coating}",
        code="975",
        axes={
            "thread": _THREADS,
            "length": axis("1000 2000"),
            "grade": axis("4.8 8.8"),
            "coating": axis("оц. А2"),
        },
        props=(
            choice("Стандарт", "DIN 975"),
            choice("Резьба", "{thread}"),
            num("Длина, мм", "{length}"),
            text("Класс прочности", "{grade}"),
            choice("Материал", "{metal}"),
            choice("Покрытие", "{finish}"),
        ),
        price=lambda s: (
            s["thread"] * s["thread"] * s["length"] / (1800 if s.text("coating") == "оц." else 520)
        ),
        weight=lambda s: s["thread"] * s["thread"] * s["length"] * 6 / 1000000,
        brands=_MAKERS[:4],
        picture="rod:{coating}",
        about="Резьбовая шпилька {thread} для подвеса воздуховодов, лотков и труб. Режется под нужный"
        " размер.",
        packs=(("778", 10),),
        links=_METAL,
        valid=lambda s: s.text("grade") == "4.8" or s.text("coating") == "оц.",
        stock=1500,
    ),
)
