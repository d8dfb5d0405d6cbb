"""Bolts, nuts, screws, nails, anchors and dowels."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Characteristic, Kind, Link, axis, choice, num, text

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
    Kind(
        key="selftap",
        path=(_TOP, "Саморезы и гвозди", "Саморезы"),
        short="Саморезы",
        name="Саморез {purpose} {diameter}х{length} {coating}",
        code="SM",
        axes={
            "purpose": axis("по дереву | по металлу | универсальный | с пресс-шайбой", "|"),
            "diameter": axis("3,5 3,8 4,2 4,8 5 6"),
            "length": axis("16 19 25 32 41 51 70 90 120"),
            "coating": axis("фосф. жёлт.оц. оц."),
        },
        props=(
            choice("Назначение", "{purpose}"),
            num("Диаметр, мм", "{diameter}"),
            num("Длина, мм", "{length}"),
            choice("Покрытие", "{finish}"),
            choice("Шлиц", "PH2"),
            choice("Материал", "сталь"),
        ),
        price=lambda s: s["diameter"] * s["length"] / 110 + s["diameter"] / 10,
        weight=lambda s: s["diameter"] * s["diameter"] * s["length"] * 3 / 1000000,
        brands=_MAKERS,
        picture="selftap:{coating}",
        about="Саморез {purpose} {diameter}х{length} мм под биту PH2. Острый наконечник входит без"
        " засверливания.",
        packs=(("778", 500),),
        links=MappingProxyType({"finish": _COATED["finish"]}),
        valid=lambda s: (
            s["diameter"] * 4 <= s["length"] <= s["diameter"] * 20
            and {
                "по дереву": s.text("coating") in {"фосф.", "жёлт.оц."} and s["diameter"] < 5,
                "по металлу": s.text("coating") == "фосф." and s["length"] <= 51 and s["diameter"] < 5,
                "с пресс-шайбой": s.text("coating") == "оц." and s.text("diameter") == "4,2",
            }.get(s.text("purpose"), s.text("coating") == "жёлт.оц.")
        ),
        stock=30000,
    ),
    Kind(
        key="roofing",
        path=(_TOP, "Саморезы и гвозди", "Саморезы"),
        short="Саморезы кровельные",
        name="Саморез кровельный {diameter}х{length} {point}",
        code="SK",
        axes={
            "diameter": axis("4,8 5,5 6,3"),
            "length": axis("19 25 28 35 51 70"),
            "point": axis("по дереву | по металлу", "|"),
        },
        props=(
            choice("Назначение", "{point}"),
            num("Диаметр, мм", "{diameter}"),
            num("Длина, мм", "{length}"),
            choice("Покрытие", "цинк и порошковая краска"),
            num("Размер под ключ, мм", "8"),
        ),
        price=lambda s: s["diameter"] * s["length"] / 45,
        weight=lambda s: s["diameter"] * s["length"] * 4 / 100000,
        brands=_MAKERS[:3],
        picture="roofing",
        about="Кровельный саморез с шайбой ЭПДМ крепит профнастил и металлочерепицу. Цвет головки"
        " подбирают к листу.",
        packs=(("778", 250),),
        valid=lambda s: s["diameter"] < 5 or s["length"] >= 25,
        characteristic=Characteristic(
            "Цвет RAL", ("3005 вишня", "6005 зелёный", "8017 коричневый", "оцинкованный")
        ),
        warehouses=("podolsk", "ekb", "krasnodar"),
        stock=20000,
    ),
    Kind(
        key="nail",
        path=(_TOP, "Саморезы и гвозди", "Гвозди"),
        short="Гвозди",
        name="Гвозди {purpose} {diameter}х{length} {coating}",
        code="GV",
        axes={
            "purpose": axis("строительные винтовые ершёные толевые"),
            "diameter": axis("2 2,5 3 3,5 4 5 6"),
            "length": axis("40 50 70 90 100 120 150 200"),
            "coating": axis("б/п оц."),
        },
        props=(
            choice("Исполнение крепежа", "{purpose}"),
            num("Диаметр, мм", "{diameter}"),
            num("Длина, мм", "{length}"),
            choice("Покрытие", "{finish}"),
            choice("Материал", "сталь"),
            text("Нормативный документ", "ГОСТ 4028-63"),
        ),
        price=lambda s: 92 + 60 / s["diameter"] + (38 if s.text("coating") == "оц." else 0),
        weight=lambda s: s["diameter"] / s["diameter"],
        brands=_MAKERS[:3],
        picture="nail:{coating}",
        about="Гвозди {purpose} для деревянных конструкций, цена за килограмм. Фасовка по 5 и 25 кг.",
        unit="166",
        packs=(("778", 5), ("778", 25)),
        links=MappingProxyType({"finish": _COATED["finish"]}),
        valid=lambda s: (
            s["diameter"] * 18 <= s["length"] <= s["diameter"] * 34
            and (s.text("purpose") == "строительные" or s["diameter"] >= 3)
        ),
        split="diameter",
        stock=700,
    ),
    Kind(
        key="anchor",
        path=(_TOP, "Анкеры и дюбели", "Анкеры"),
        short="Анкеры",
        name="Анкер {kind} {thread}х{length} {coating}",
        code="AN",
        axes={
            "kind": axis("клиновой | с гайкой | с кольцом | забивной", "|"),
            "thread": axis("М6 М8 М10 М12 М16 М20"),
            "length": axis("40 65 85 95 120 150 180"),
            "coating": axis("оц. жёлт.оц."),
        },
        props=(
            choice("Исполнение крепежа", "{kind}"),
            choice("Резьба", "{thread}"),
            num("Длина, мм", "{length}"),
            choice("Покрытие", "{finish}"),
            choice("Материал", "сталь"),
            num("Нагрузка на вырыв, кН", lambda s: s["thread"] * s["length"] / 70),
        ),
        price=lambda s: 3 + s["thread"] * s["length"] / 42,
        weight=lambda s: s["thread"] * s["thread"] * s["length"] * 6 / 1000000,
        brands=_MAKERS,
        picture="anchor",
        about="Анкер {kind} для бетона и полнотелого кирпича. Отверстие очищают от пыли, нагрузку дают"
        " сразу после затяжки.",
        packs=(("778", 50),),
        links=MappingProxyType({"finish": _COATED["finish"]}),
        valid=lambda s: (
            s["thread"] * 5 <= s["length"] <= s["thread"] * 13
            and (s.text("coating") == "оц." or s.text("kind") == "с гайкой")
        ),
        split="thread",
        stock=4000,
    ),
    Kind(
        key="dowel",
        path=(_TOP, "Анкеры и дюбели", "Дюбели"),
        short="Дюбели",
        name="Дюбель {kind} {diameter}х{length} {material}",
        code="DB",
        axes={
            "kind": axis("распорный | гвоздь грибок | гвоздь потай | фасадный | для теплоизоляции", "|"),
            "diameter": axis("5 6 8 10 12"),
            "length": axis("30 40 60 80 100 120 160 200"),
            "material": axis("полипропилен нейлон"),
        },
        props=(
            choice("Исполнение крепежа", "{kind}"),
            num("Диаметр, мм", "{diameter}"),
            num("Длина, мм", "{length}"),
            choice("Материал", "{material}"),
            choice("Основание", "бетон, кирпич"),
        ),
        price=lambda s: (
            s["diameter"] * s["length"] / (160 if s.text("material") == "полипропилен" else 95)
            + s["diameter"] / 20
        ),
        weight=lambda s: s["diameter"] * s["length"] * 2 / 100000,
        brands=_MAKERS[1:],
        picture="dowel:{kind}",
        about="Дюбель {kind} из материала «{material}» для крепления к бетону и кирпичу. Распирается по"
        " всей длине гильзы.",
        packs=(("778", 200),),
        valid=lambda s: (
            s["diameter"] * 6 <= s["length"] <= s["diameter"] * 20
            and {
                "распорный": s["length"] <= 80,
                "фасадный": s["length"] >= 80 and s["diameter"] >= 8,
                "для теплоизоляции": s["length"] >= 80
                and s["diameter"] >= 8
                and s.text("material") == "полипропилен",
            }.get(s.text("kind"), s["length"] <= 120 and s["diameter"] <= 10)
        ),
        stock=12000,
    ),
)
