"""Sewerage and sanitary goods."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, fixed, num

_TOP: Final = "Канализация и сантехника"
_MAKERS: Final = ("Стоколайн", "Гидролад", "Аквадуга")
_TAPS: Final = ("Капельник", "Rivanto", "Гидролад")
_PLACES: Final = MappingProxyType({"внутренняя": "серый", "наружная": "рыжий"})

KINDS: Final = (
    Kind(
        key="sewer-pipe",
        path=(_TOP, "Канализация", "Трубы канализационные"),
        short="Трубы канализационные",
        name="Труба канализационная {place} {diameter}х{wall}х{length} мм",
        code="TK",
        axes={
            "diameter": axis("32 40 50 110 160 200"),
            "length": axis("150 250 500 750 1000 1500 2000 3000"),
            "place": tuple(_PLACES),
            "wall": axis("1,8 2,2 3,2 4,0"),
        },
        props=(
            choice("Назначение", "{place}"),
            num("Наружный диаметр, мм", "{diameter}"),
            num("Толщина стенки, мм", "{wall}"),
            num("Длина, мм", "{length}"),
            choice("Материал", "{material}"),
            choice("Цвет", "{colour}"),
        ),
        price=lambda s: 22 + s["diameter"] * s["length"] * s["wall"] / 900,
        weight=lambda s: s["diameter"] * s["length"] * s["wall"] / 300000,
        brands=_MAKERS,
        picture="sewer:{colour}",
        about="Канализационная труба с раструбом и уплотнительным кольцом. Диаметр {diameter} мм, длина"
        " {length} мм.",
        links=MappingProxyType(
            {
                "colour": Link("place", _PLACES),
                "material": Link("place", {"внутренняя": "полипропилен", "наружная": "НПВХ"}),
            }
        ),
        valid=lambda s: (
            (s["diameter"] >= 110 if s.text("place") == "наружная" else s["diameter"] <= 110)
            and s["diameter"] / 40 <= s["wall"] <= s["diameter"] / 15
        ),
        stock=300,
    ),
    Kind(
        key="sewer-fitting",
        path=(_TOP, "Канализация", "Фитинги канализационные"),
        short="Фитинги канализационные",
        name="{part} канализационный {diameter} {angle} {colour}",
        code="FK",
        axes={
            "part": axis("Отвод Тройник Переход Патрубок"),
            "diameter": axis("32 40 50 110 160"),
            "angle": axis("30° 45° 67° 87°"),
            "place": tuple(_PLACES),
        },
        props=(
            choice("Вид изделия", "{part}"),
            num("Наружный диаметр, мм", "{diameter}"),
            num("Угол, °", lambda s: s["angle"]),
            choice("Назначение", "{place}"),
            choice("Цвет", "{colour}"),
        ),
        price=lambda s: 12 + s["diameter"] * s["diameter"] / 90 + s["diameter"] / 3,
        weight=lambda s: s["diameter"] * s["diameter"] / 60000,
        brands=_MAKERS,
        picture="sewerbend:{colour}",
        about="{part} соединяет канализационные трубы диаметром {diameter} мм. Кольцо вставлено на заводе.",
        packs=(("778", 20),),
        links=MappingProxyType({"colour": Link("place", _PLACES)}),
        valid=lambda s: (
            (s["diameter"] >= 110 if s.text("place") == "наружная" else s["diameter"] <= 110)
            and (s.text("part") in {"Отвод", "Тройник"} or s.text("angle") == "87°")
        ),
        split="diameter",
        stock=420,
    ),
    Kind(
        key="faucet",
        path=(_TOP, "Сантехника", "Смесители"),
        short="Смесители",
        name="Смеситель для {room} {model} {lever} {colour}",
        code="SMT",
        axes={
            "room": axis("кухни умывальника ванны душа"),
            "model": axis("«Исток» «Родник» «Плёс» «Заводь»"),
            "lever": axis("однорычажный двухвентильный"),
            "colour": axis("хром чёрный бронза"),
        },
        props=(
            choice("Назначение", "для {room}"),
            choice("Серия", "{model}"),
            choice("Управление", "{lever}"),
            choice("Цвет", "{colour}"),
            choice("Материал", "латунь"),
            num("Диаметр картриджа, мм", "35"),
        ),
        price=lambda s: (
            1400 + len(s.text("room")) * 130 + (900 if s.text("colour") != "хром" else 0) + s["model"]
        ),
        weight=lambda s: 1 + s["model"],
        brands=_TAPS,
        picture="faucet:{colour}",
        about="Смеситель для {room} серии {model}, корпус из латуни, аэратор с ограничением расхода."
        " В комплекте гибкая подводка и крепёж.",
        unit="839",
        branded=True,
        warehouses=("podolsk", "khimki", "parnas", "krasnodar"),
        stock=24,
    ),
    Kind(
        key="siphon",
        path=(_TOP, "Сантехника", "Сифоны и подводка"),
        short="Сифоны",
        name='Сифон {kind} для {place} {thread}" {outlet}',
        code="SF",
        axes={
            "kind": axis("бутылочный гофрированный трубный"),
            "place": axis("мойки умывальника ванны"),
            "thread": axis("1 1/4 | 1 1/2 | 3 1/2", "|"),
            "outlet": axis("40 40/50 50"),
        },
        props=(
            choice("Исполнение", "{kind}"),
            choice("Назначение", "для {place}"),
            choice("Диаметр резьбы, дюйм", "{thread}"),
            choice("Диаметр выпуска, мм", "{outlet}"),
            choice("Материал", "полипропилен"),
        ),
        price=lambda s: 140 + s["thread"] * 40,
        weight=fixed("0.31"),
        brands=_MAKERS,
        picture="siphon",
        about="Сифон {kind} для {place} с гидрозатвором от запаха. Собирается руками, легко чистится.",
        valid=lambda s: s.text("thread") != "3 1/2" or s.text("place") == "мойки",
        branded=True,
        stock=140,
    ),
    Kind(
        key="hose",
        path=(_TOP, "Сантехника", "Сифоны и подводка"),
        short="Подводка гибкая",
        name='Подводка гибкая {medium} {inch}" {joint} {length} см',
        code="PG",
        axes={
            "length": axis("30 40 50 60 80 100 120 150"),
            "inch": axis("1/2 3/4"),
            "joint": axis("гайка-гайка гайка-штуцер"),
            "medium": axis("для воды | для газа", "|"),
        },
        props=(
            num("Длина, см", "{length}"),
            choice("Диаметр резьбы, дюйм", "{inch}"),
            choice("Присоединение", "{joint}"),
            choice("Рабочая среда", "{fluid}"),
            choice("Оплётка", "нержавеющая сталь"),
        ),
        price=lambda s: 70 + s["length"] * 2 + s["inch"] * 60,
        weight=lambda s: s["length"] * 2 / 1000,
        brands=_TAPS,
        picture="hose:{fluid}",
        about="Гибкая подводка {medium} в оплётке из нержавеющей стали, длина {length} см, соединение"
        " {joint}.",
        packs=(("778", 10),),
        links=MappingProxyType({"fluid": Link("medium", {"для воды": "вода", "для газа": "газ"})}),
        stock=380,
    ),
)
