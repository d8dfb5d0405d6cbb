"""Water supply: pipes and fittings."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num

_TOP: Final = "Водоснабжение и отопление"
_MAKERS: Final = ("Аквадуга", "Пайпмарк", "Термоветвь", "Гидролад")
_VALVES: Final = ("Rivanto", "Капельник", "Гидролад", "Пайпмарк")
_WALLS: Final = MappingProxyType(
    {"20": "3,4", "25": "4,2", "32": "5,4", "40": "6,7", "50": "8,3", "63": "10,5"}
)
_INCHES: Final = axis("1/2 | 3/4 | 1 | 1 1/4 | 1 1/2 | 2", "|")
_BORE: Final = MappingProxyType(
    {"1/2": "15", "3/4": "20", "1": "25", "1 1/4": "32", "1 1/2": "40", "2": "50"}
)
_BORES: Final = MappingProxyType({"bore": Link("inch", _BORE)})

KINDS: Final = (
    Kind(
        key="ppr-pipe",
        path=(_TOP, "Трубы и фитинги", "Трубы и изоляция"),
        short="Трубы PPR",
        name="Труба PPR SDR 6 {diameter}х{wall} PN{pressure} {layer} {tint}",
        code="PPR",
        axes={
            "diameter": tuple(_WALLS),
            "layer": axis("| армированная стекловолокном | армированная алюминием", "|"),
            "pressure": axis("20 25"),
            "tint": axis("| серая", "|"),
        },
        props=(
            num("Наружный диаметр, мм", "{diameter}"),
            num("Толщина стенки, мм", "{wall}"),
            num("Номинальное давление, бар", "{pressure}"),
            choice("Материал", "полипропилен PPR"),
            choice("Армирование", "{reinforced}"),
            choice("Цвет", "{colour}"),
            num("Наибольшая температура, °C", "95"),
        ),
        price=lambda s: 18 + s["diameter"] * s["diameter"] / 7 + (s["diameter"] if s.text("layer") else 0),
        weight=lambda s: s["diameter"] * s["diameter"] / 2900,
        brands=_MAKERS,
        picture="pipe:{colour}",
        about="Полипропиленовая труба {diameter}х{wall} для холодной и горячей воды и отопления, давление"
        " до {pressure} бар."
        " Сваривается с фитингами PPR, штанга 4 метра.",
        unit="006",
        packs=(("796", 4),),
        multiple=4,
        links=MappingProxyType(
            {
                "wall": Link("diameter", _WALLS),
                "colour": Link("tint", {"": "белая", "серая": "серая"}),
                "reinforced": Link(
                    "layer",
                    {
                        "": "нет",
                        "армированная стекловолокном": "стекловолокно",
                        "армированная алюминием": "алюминий",
                    },
                ),
            }
        ),
        valid=lambda s: (
            (s.text("pressure") == "25") == ("алюм" in s.text("layer"))
            and not (s.text("tint") and s.text("layer"))
        ),
        split="diameter",
        popular=True,
        stock=1600,
    ),
    Kind(
        key="insulation",
        path=(_TOP, "Трубы и фитинги", "Трубы и изоляция"),
        short="Теплоизоляция труб",
        name="Трубка теплоизоляционная {series} {diameter}х{wall} мм 2 м",
        code="TI",
        axes={
            "diameter": axis("15 18 22 28 35 42 54 60 76 89 110"),
            "wall": axis("6 9 13 20"),
            "series": axis("«Супер» «Протект»"),
        },
        props=(
            num("Внутренний диаметр, мм", "{diameter}"),
            num("Толщина, мм", "{wall}"),
            choice("Материал", "вспененный полиэтилен"),
            choice("Цвет", "{colour}"),
            num("Длина, м", "2"),
        ),
        price=lambda s: 4 + s["diameter"] * s["wall"] / 14,
        weight=lambda s: s["diameter"] * s["wall"] / 12000,
        brands=("Термоветвь", "Аквадуга"),
        picture="insulation:{colour}",
        about="Трубка из вспененного полиэтилена снижает потери тепла и убирает конденсат. Надевается до"
        " монтажа"
        " или разрезается по намеченной линии.",
        unit="006",
        packs=(("778", 50),),
        links=MappingProxyType({"colour": Link("series", {"«Супер»": "серый", "«Протект»": "красный"})}),
        valid=lambda s: s["wall"] > 6 or s["diameter"] <= 35,
        stock=2200,
    ),
    Kind(
        key="ppr-fitting",
        path=(_TOP, "Трубы и фитинги", "Фитинги PPR"),
        short="Фитинги PPR",
        name="{part} PPR {diameter} {thread}",
        code="FP",
        axes={
            "part": axis("Муфта | Угольник 90° | Угольник 45° | Тройник | Заглушка | Муфта разъёмная", "|"),
            "diameter": axis("20 25 32 40 50 63"),
            "thread": axis('| ВР 1/2" | НР 1/2" | ВР 3/4" | НР 3/4"', "|"),
        },
        props=(
            choice("Вид изделия", "{part}"),
            num("Наружный диаметр, мм", "{diameter}"),
            choice("Присоединение", "{joint}"),
            choice("Материал", "полипропилен PPR"),
            choice("Цвет", "белый"),
            num("Номинальное давление, бар", "25"),
        ),
        price=lambda s: (
            s["diameter"] / 3 + s["diameter"] * s["diameter"] / 80 + (75 if s.text("thread") else 0)
        ),
        weight=lambda s: s["diameter"] * s["diameter"] / 15000,
        brands=_MAKERS,
        picture="fitting:{part}",
        about="{part} для сварки полипропиленовых труб диаметром {diameter} мм. Соединение неразъёмное,"
        " рассчитано на 50 лет службы.",
        packs=(("778", 20),),
        links=MappingProxyType(
            {
                "joint": Link(
                    "thread",
                    {
                        "": "сварка",
                        'ВР 1/2"': 'внутренняя резьба 1/2"',
                        'НР 1/2"': 'наружная резьба 1/2"',
                        'ВР 3/4"': 'внутренняя резьба 3/4"',
                        'НР 3/4"': 'наружная резьба 3/4"',
                    },
                )
            }
        ),
        valid=lambda s: (
            not s.text("thread")
            or (
                s["diameter"] <= 32
                and s.text("part") in {"Муфта", "Угольник 90°", "Тройник", "Муфта разъёмная"}
            )
        ),
        stock=900,
    ),
    Kind(
        key="brass-fitting",
        path=(_TOP, "Трубы и фитинги", "Фитинги латунные"),
        short="Фитинги латунные",
        name='{part} {inch}" {thread} {coating}',
        code="FL",
        axes={
            "part": axis("Муфта | Ниппель | Угольник | Тройник | Бочонок | Футорка", "|"),
            "inch": _INCHES,
            "thread": axis("ВР НР"),
            "coating": axis("латунь никель"),
        },
        props=(
            choice("Вид изделия", "{part}"),
            choice("Диаметр резьбы, дюйм", "{inch}"),
            num("Условный проход, мм", "{bore}"),
            choice("Резьба фитинга", "{thread}"),
            choice("Материал", "латунь"),
            choice("Покрытие", "{finish}"),
        ),
        price=lambda s: 42 + s["inch"] * s["inch"] * 130,
        weight=lambda s: s["inch"] * s["inch"] * 14 / 100,
        brands=_VALVES,
        picture="brass:{coating}",
        about="Резьбовой фитинг из латуни на {inch} дюйма. Уплотняется лентой или льном, выдерживает до 16"
        " бар.",
        packs=(("778", 10),),
        links=MappingProxyType(
            {**_BORES, "finish": Link("coating", {"латунь": "без покрытия", "никель": "никелирование"})}
        ),
        split="inch",
        stock=400,
    ),
)
