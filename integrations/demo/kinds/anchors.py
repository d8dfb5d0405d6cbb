"""Self-tapping screws, nails, anchors and dowels."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Characteristic, Kind, Link, axis, choice, num, text

_TOP: Final = "Крепёж"
_MAKERS: Final = ("Метизар", "Болтовик", "Крепстан", "Forgenta", "Резьба и ко")
_FINISHES: Final = MappingProxyType(
    {
        "оц.": "цинк белый",
        "жёлт.оц.": "цинк жёлтый",
        "б/п": "без покрытия",
        "А2": "без покрытия",
        "фосф.": "фосфат",
    }
)
_FINISHED: Final = MappingProxyType({"finish": Link("coating", _FINISHES)})

KINDS: Final = (
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
        links=_FINISHED,
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
        links=_FINISHED,
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
        links=_FINISHED,
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
