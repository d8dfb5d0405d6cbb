"""Drill bits, discs, screwdriver bits, gloves, first aid and books of rules."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, fixed, num, text

_TOP: Final = "Инструмент и охрана труда"
_MAKERS: Final = ("Резцов и сын", "Дельторк", "Мастероваль")

KINDS: Final = (
    Kind(
        key="drill",
        path=(_TOP, "Оснастка", "Буры и свёрла"),
        short="Буры и свёрла",
        name="{part} {diameter}х{length} мм",
        code="BR",
        axes={
            "part": axis("Бур SDS-plus | Бур SDS-max | Сверло по металлу HSS | Сверло по дереву", "|"),
            "diameter": axis("4 5 6 8 10 12 14 16 20 25"),
            "length": axis("75 110 160 210 260 310 450"),
        },
        props=(
            choice("Вид изделия", "{part}"),
            num("Диаметр, мм", "{diameter}"),
            num("Длина, мм", "{length}"),
            choice("Хвостовик", "{shank}"),
            choice("Обрабатываемый материал", "{target}"),
        ),
        price=lambda s: 38 + s["diameter"] * s["length"] / 14,
        weight=lambda s: s["diameter"] * s["diameter"] * s["length"] * 5 / 1000000,
        brands=_MAKERS,
        picture="drill:{shank}",
        about="{part} диаметром {diameter} мм, обрабатываемый материал: {target}. Спираль быстро отводит"
        " крошку.",
        links=MappingProxyType(
            {
                "shank": Link(
                    "part",
                    {
                        "Бур SDS-plus": "SDS-plus",
                        "Бур SDS-max": "SDS-max",
                        "Сверло по металлу HSS": "цилиндр",
                        "Сверло по дереву": "шестигранник",
                    },
                ),
                "target": Link(
                    "part",
                    {
                        "Бур SDS-plus": "бетон",
                        "Бур SDS-max": "бетон",
                        "Сверло по металлу HSS": "металл",
                        "Сверло по дереву": "дерево",
                    },
                ),
            }
        ),
        valid=lambda s: (
            s["diameter"] * 10 <= s["length"] <= s["diameter"] * 30
            and (s.text("part") != "Бур SDS-max" or (s["diameter"] >= 16 and s["length"] >= 310))
            and (s.text("shank") != "цилиндр" or (s["diameter"] <= 14 and s["length"] <= 160))
        ),
        branded=True,
        stock=160,
    ),
    Kind(
        key="disc",
        path=(_TOP, "Оснастка", "Диски и биты"),
        short="Диски отрезные",
        name="Диск отрезной {target} {diameter}х{thickness}х22,2",
        code="DO",
        axes={
            "diameter": axis("115 125 150 180 230"),
            "thickness": axis("1,0 1,2 1,6 2,0 2,5"),
            "target": axis("по металлу | по камню | алмазный", "|"),
        },
        props=(
            num("Диаметр, мм", "{diameter}"),
            num("Толщина, мм", "{thickness}"),
            num("Посадочный диаметр, мм", "22,2"),
            choice("Обрабатываемый материал", "{material}"),
            num("Наибольшая частота вращения, об/мин", lambda s: 1530000 / s["diameter"], digits=0),
        ),
        price=lambda s: (
            s["diameter"] * s["thickness"] / 6 * (12 if s.text("target") == "алмазный" else 1) + 20
        ),
        weight=lambda s: s["diameter"] * s["diameter"] * s["thickness"] / 500000,
        brands=_MAKERS,
        picture="disc:{material}",
        about="Отрезной диск для угловых шлифмашин, обрабатываемый материал: {material}. Ровный рез без"
        " прижогов.",
        packs=(("778", 25),),
        links=MappingProxyType(
            {
                "material": Link(
                    "target", {"по металлу": "металл", "по камню": "камень", "алмазный": "бетон и плитка"}
                )
            }
        ),
        valid=lambda s: s["thickness"] * 130 >= s["diameter"],
        branded=True,
        stock=500,
    ),
    Kind(
        key="bit",
        path=(_TOP, "Оснастка", "Диски и биты"),
        short="Биты",
        name="Бита {tip} {length} мм {grade}",
        code="BT",
        axes={
            "tip": axis("PH1 PH2 PH3 PZ1 PZ2 PZ3 T15 T20 T25 T30"),
            "length": axis("25 50 70 100 150"),
            "grade": axis("S2 CrV"),
        },
        props=(
            choice("Шлиц", "{tip}"),
            num("Длина, мм", "{length}"),
            choice("Материал", "сталь {grade}"),
            choice("Хвостовик", "шестигранник"),
            choice("Намагниченность", "есть"),
        ),
        price=lambda s: 14 + s["length"] * 6 / 10,
        weight=lambda s: s["length"] / 4000,
        brands=_MAKERS,
        picture="bit",
        about="Бита {tip} из стали {grade} держит до тысячи закручиваний. Магнитный наконечник не роняет"
        " саморез.",
        packs=(("778", 10),),
        branded=True,
        stock=800,
    ),
    Kind(
        key="gloves",
        path=(_TOP, "Охрана труда", "Перчатки и каски"),
        short="Перчатки",
        name="Перчатки {material} {coating} размер {size}",
        code="PR",
        axes={
            "material": axis("хлопковые нейлоновые спилковые"),
            "coating": axis("с ПВХ | с латексом | с нитрилом | без покрытия", "|"),
            "size": axis("8 9 10 11"),
        },
        props=(
            choice("Материал перчаток", "{material}"),
            choice("Обливка", "{coating}"),
            choice("Размер", "{size}"),
            choice("Сезон", "всесезонные"),
        ),
        price=lambda s: 24 + len(s.text("material")) * 3 + s["size"],
        weight=fixed("0.06"),
        brands=("Щит и каска",),
        picture="gloves:{coating}",
        about="Рабочие перчатки {material}, {coating}, для монтажа и склада. Не скользят и не стесняют"
        " движений.",
        packs=(("778", 12),),
        stock=1200,
    ),
    Kind(
        key="helmet",
        path=(_TOP, "Охрана труда", "Перчатки и каски"),
        short="Каски",
        name="Каска защитная {model} {colour} {fit}",
        code="KZ",
        axes={
            "colour": axis("белая оранжевая жёлтая синяя красная"),
            "model": axis("«Бригадир» «Монтаж»"),
            "fit": axis("пластиковое оголовье | храповик", "|"),
        },
        props=(
            choice("Цвет", "{colour}"),
            choice("Серия", "{model}"),
            choice("Материал", "полиэтилен"),
            text("Нормативный документ", "ГОСТ EN 397-2020"),
        ),
        price=lambda s: 210 + len(s.text("fit")) * 9 + s["model"],
        weight=fixed("0.38"),
        brands=("Щит и каска",),
        picture="helmet:{colour}",
        about="Защитная каска {model} с регулировкой и отверстиями для вентиляции. Крепления для наушников"
        " и щитка есть.",
        stock=90,
    ),
    Kind(
        key="first-aid",
        path=(_TOP, "Охрана труда", "Аптечки и литература"),
        short="Аптечки",
        name="Аптечка {kind} {case} на {people} человек",
        code="AP",
        axes={
            "kind": axis("первой помощи работникам | производственная | автомобильная", "|"),
            "case": axis("в сумке | в чемодане | в шкафу", "|"),
            "people": axis("5 10 20 30"),
        },
        props=(
            choice("Вид изделия", "{kind}"),
            choice("Футляр", "{case}"),
            num("Рассчитана на, чел.", "{people}"),
            num("Срок годности, мес", "54"),
        ),
        price=lambda s: 480 + s["people"] * 65 + len(s.text("case")) * 22,
        weight=lambda s: s["people"] * 6 / 100,
        brands=("Щит и каска",),
        picture="firstaid",
        about="Аптечка укомплектована изделиями с регистрационными удостоверениями. Опись вложена в футляр.",
        unit="839",
        valid=lambda s: s["people"] <= 5 or s.text("kind") != "автомобильная",
        vat="Без НДС",
        warehouses=("podolsk", "shushary"),
        stock=40,
    ),
    Kind(
        key="book",
        path=(_TOP, "Охрана труда", "Аптечки и литература"),
        short="Литература",
        name="{title}, {binding}, {year} г.",
        code="BK",
        axes={
            "title": axis(
                "Правила устройства электроустановок | Правила по охране труда при эксплуатации"
                " электроустановок"
                " | Справочник монтажника | Справочник сантехника | Журнал инструктажа",
                "|",
            ),
            "binding": axis("мягкая обложка | твёрдый переплёт", "|"),
            "year": axis("2024 2025 2026"),
        },
        props=(
            choice("Переплёт", "{binding}"),
            num("Год издания", "{year}"),
            choice("Формат", "А5"),
        ),
        price=lambda s: Decimal(190 + len(s.text("binding")) * 14),
        weight=fixed("0.4"),
        brands=("Техкнига",),
        picture="book:{binding}",
        about="Издание для специалистов и экзаменов по безопасности, {binding}. Текст сверен с действующей"
        " редакцией.",
        valid=lambda s: not s.text("title").startswith("Журнал") or s.text("binding") == "мягкая обложка",
        vat="10",
        stock=60,
    ),
)
