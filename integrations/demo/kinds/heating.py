"""Valves, radiators and pumps."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num, text

_TOP: Final = "Водоснабжение и отопление"
_VALVES: Final = ("Rivanto", "Капельник", "Гидролад", "Пайпмарк")
_INCHES: Final = axis("1/2 | 3/4 | 1 | 1 1/4 | 1 1/2 | 2", "|")
_BORE: Final = MappingProxyType(
    {"1/2": "15", "3/4": "20", "1": "25", "1 1/4": "32", "1 1/2": "40", "2": "50"}
)
_BORES: Final = MappingProxyType({"bore": Link("inch", _BORE)})

KINDS: Final = (
    Kind(
        key="ball-valve",
        path=(_TOP, "Запорная арматура", "Краны шаровые"),
        short="Краны шаровые",
        name='Кран шаровой {inch}" {joint} {handle} PN{pressure}',
        code="KSH",
        axes={
            "inch": _INCHES,
            "joint": axis("ВР-ВР ВР-НР НР-НР"),
            "handle": axis("бабочка рычаг"),
            "pressure": axis("25 40"),
        },
        props=(
            choice("Диаметр резьбы, дюйм", "{inch}"),
            num("Условный проход, мм", "{bore}"),
            choice("Присоединение", "{joint}"),
            choice("Рукоятка", "{handle}"),
            num("Номинальное давление, бар", "{pressure}"),
            choice("Материал", "латунь"),
            choice("Рабочая среда", "вода"),
        ),
        price=lambda s: 160 + s["inch"] * s["inch"] * 480 + s["pressure"] * 2,
        weight=lambda s: s["inch"] * s["inch"] * 45 / 100 + s["inch"] / 10,
        brands=_VALVES,
        picture="valve:{handle}",
        about="Шаровой кран полнопроходной, присоединение {joint}, рукоятка {handle}. Перекрывает воду"
        " четвертью оборота.",
        packs=(("778", 12),),
        links=_BORES,
        valid=lambda s: s.text("handle") == "рычаг" or s["inch"] <= 1,
        branded=True,
        stock=260,
    ),
    Kind(
        key="check-valve",
        path=(_TOP, "Запорная арматура", "Клапаны и фильтры"),
        short="Клапаны и фильтры",
        name='{part} {inch}" {joint}',
        code="KO",
        axes={
            "part": axis(
                "Клапан обратный | Фильтр косой | Клапан редукционный | Кран Маевского | Фильтр"
                " самопромывной",
                "|",
            ),
            "inch": _INCHES,
            "joint": axis("ВР-ВР ВР-НР"),
        },
        props=(
            choice("Вид изделия", "{part}"),
            choice("Диаметр резьбы, дюйм", "{inch}"),
            num("Условный проход, мм", "{bore}"),
            choice("Присоединение", "{joint}"),
            choice("Материал", "латунь"),
            num("Номинальное давление, бар", "16"),
        ),
        price=lambda s: 170 + s["inch"] * s["inch"] * 420,
        weight=lambda s: s["inch"] * s["inch"] * 40 / 100,
        brands=_VALVES,
        picture="filter",
        about="{part} для квартирных и домовых вводов. Корпус из горячештампованной латуни, рабочее"
        " давление до 16 бар.",
        links=_BORES,
        valid=lambda s: {"Клапан обратный": True, "Фильтр косой": True, "Кран Маевского": s["inch"] < 1}.get(
            s.text("part"), s["inch"] <= 1
        ),
        branded=True,
        stock=130,
    ),
    Kind(
        key="radiator",
        path=(_TOP, "Отопление и насосы", "Радиаторы"),
        short="Радиаторы",
        name="Радиатор {material} {height}/{depth} {sections} секций",
        code="RD",
        axes={
            "material": axis("алюминиевый биметаллический"),
            "height": axis("350 500"),
            "sections": axis("4 6 8 10 12"),
            "depth": axis("80 100"),
        },
        props=(
            choice("Тип радиатора", "{material}"),
            num("Межосевое расстояние, мм", "{height}"),
            num("Глубина, мм", "{depth}"),
            num("Число секций", "{sections}"),
            num("Тепловая мощность, Вт", lambda s: s["sections"] * s["height"] * 36 / 100),
            num("Номинальное давление, бар", "16"),
            choice("Цвет", "белый RAL 9016"),
        ),
        price=lambda s: (
            s["sections"] * (s["height"] + s["depth"]) * (13 if "би" in s.text("material") else 11) / 10
        ),
        weight=lambda s: s["sections"] * s["height"] / 330,
        brands=("Термоветвь", "Rivanto", "Напорстрой"),
        picture="radiator:{sections}",
        about="Радиатор {material} на {sections} секций для домов с центральным и автономным отоплением."
        " Пробки и кронштейны покупаются отдельно.",
        branded=True,
        warehouses=("podolsk", "khimki", "ekb"),
        stock=35,
    ),
    Kind(
        key="pump",
        path=(_TOP, "Отопление и насосы", "Насосы"),
        short="Насосы",
        name="Насос {kind} {model}-{head} {watts}Вт",
        code="NS",
        axes={
            "kind": axis("циркуляционный скважинный дренажный"),
            "model": axis("25 32 50 75 100"),
            "head": axis("40 60 80"),
            "watts": axis("100 370 550 750"),
        },
        props=(
            choice("Вид изделия", "{kind}"),
            num("Мощность, Вт", "{watts}"),
            num("Напор, м", lambda s: s["head"] / 10 * (1 if s["watts"] < 200 else 8)),
            num("Производительность, л/мин", lambda s: s["model"] + s["watts"] / 20),
            num("Длина кабеля, м", "10"),
            text("Гарантия", "24 месяца"),
        ),
        price=lambda s: 2400 + s["watts"] * 9 + s["head"] * 20 + s["model"] * 8,
        weight=lambda s: 2 + s["watts"] / 60,
        brands=("Напорстрой", "Капельник", "Rivanto"),
        picture="pump:{kind}",
        about="Насос {kind} мощностью {watts} Вт для частных домов и небольших предприятий. Защищён от"
        " перегрева.",
        valid=lambda s: (
            (s.text("kind") == "циркуляционный") == (s["watts"] < 200)
            and (s["model"] <= 32) == (s["watts"] < 200)
        ),
        branded=True,
        warehouses=("podolsk", "krasnodar"),
        stock=18,
    ),
)
