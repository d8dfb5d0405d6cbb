"""Lamps and luminaires."""

from decimal import Decimal
from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, fixed, num

_TOP: Final = "Светотехника"
_MAKERS: Final = ("Лучеяр", "Светопарк", "Люмитраль", "Ясный цех")
_WHITE: Final = axis("3000К 4000К 6500К")
_GLOW: Final = MappingProxyType(
    {"3000К": "тёплый белый", "4000К": "нейтральный белый", "6500К": "холодный белый"}
)
_GLOWS: Final = MappingProxyType({"glow": Link("kelvin", _GLOW)})

KINDS: Final = (
    Kind(
        key="bulb",
        path=(_TOP, "Лампы", "Лампы светодиодные"),
        short="Лампы светодиодные",
        name="Лампа светодиодная {bulb} {watts}Вт {base} {kelvin}",
        code="LED",
        axes={
            "bulb": axis("A60 C37 G45 R63 GX53"),
            "watts": axis("5 7 9 11 13 15 20"),
            "kelvin": _WHITE,
            "base": axis("E14 E27 GX53"),
        },
        props=(
            choice("Форма колбы", "{bulb}"),
            num("Мощность, Вт", "{watts}"),
            choice("Цоколь", "{base}"),
            num("Цветовая температура, К", lambda s: s["kelvin"]),
            choice("Свет", "{glow}"),
            num("Световой поток, лм", lambda s: s["watts"] * 92),
            num("Срок службы, ч", "30000"),
        ),
        price=lambda s: 38 + s["watts"] * 8,
        weight=fixed("0.045"),
        brands=_MAKERS,
        picture="bulb:{bulb}",
        about="Светодиодная лампа {watts} Вт, цоколь {base}, {glow} свет. Не мерцает и заменяет лампу"
        " накаливания"
        " в семь раз большей мощности.",
        packs=(("778", 10),),
        links=_GLOWS,
        valid=lambda s: (
            {"E14": s.text("bulb") in {"C37", "G45"}, "E27": s.text("bulb") != "GX53"}.get(
                s.text("base"), s.text("bulb") == "GX53"
            )
            and (s["watts"] <= 11 or s.text("bulb") in {"A60", "GX53"})
        ),
        branded=True,
        popular=True,
        stock=700,
    ),
    Kind(
        key="tube",
        path=(_TOP, "Лампы", "Лампы линейные"),
        short="Лампы линейные",
        name="Лампа светодиодная линейная T8 {watts}Вт {length} мм G13 {kelvin} {glass}",
        code="T8",
        axes={
            "length": axis("600 900 1200 1500"),
            "watts": axis("9 10 18 20 24"),
            "kelvin": _WHITE,
            "glass": axis("матовая прозрачная"),
        },
        props=(
            num("Мощность, Вт", "{watts}"),
            choice("Цоколь", "G13"),
            num("Длина, мм", "{length}"),
            num("Цветовая температура, К", lambda s: s["kelvin"]),
            choice("Свет", "{glow}"),
            choice("Рассеиватель", "{glass}"),
            num("Световой поток, лм", lambda s: s["watts"] * 100),
        ),
        price=lambda s: 60 + s["watts"] * 7 + s["length"] / 25,
        weight=lambda s: s["length"] / 6000,
        brands=_MAKERS,
        picture="tube",
        about="Линейная лампа для замены люминесцентных трубок: дроссель и стартёр не нужны."
        " Поворотный цоколь направляет свет.",
        packs=(("778", 25),),
        links=_GLOWS,
        valid=lambda s: s["length"] <= s["watts"] * 67 <= s["length"] * 3 / 2,
        branded=True,
        stock=400,
    ),
    Kind(
        key="panel",
        path=(_TOP, "Светильники", "Панели светодиодные"),
        short="Панели светодиодные",
        name="Панель светодиодная {size} {watts}Вт {kelvin} {diffuser} {ip}",
        code="LP",
        axes={
            "size": axis("295х295 595х595 295х1195 595х1195"),
            "watts": axis("24 36 40 48 72"),
            "kelvin": _WHITE[1:],
            "diffuser": axis("призма опал"),
            "ip": axis("IP20 IP40 IP54"),
        },
        props=(
            num("Мощность, Вт", "{watts}"),
            choice("Размер, мм", "{size}"),
            num("Цветовая температура, К", lambda s: s["kelvin"]),
            choice("Свет", "{glow}"),
            choice("Рассеиватель", "{diffuser}"),
            choice("Степень защиты IP", "{ip}"),
            num("Световой поток, лм", lambda s: s["watts"] * 105),
            num("Срок службы, ч", "50000"),
        ),
        price=lambda s: 420 + s["watts"] * 21 + s["ip"] * 6,
        weight=lambda s: 1 + s["watts"] * 3 / 100,
        brands=_MAKERS,
        picture="panel",
        about="Плоская панель для подвесных потолков офисов, школ и магазинов. Пульсация менее 1 %,"
        " рассеиватель {diffuser}.",
        packs=(("778", 4),),
        links=_GLOWS,
        valid=lambda s: s["watts"] <= 48 or s.text("size") == "595х1195",
        branded=True,
        stock=120,
    ),
    Kind(
        key="floodlight",
        path=(_TOP, "Светильники", "Прожекторы"),
        short="Прожекторы",
        name="Прожектор светодиодный СДО {watts}Вт {kelvin} IP65 {colour} {sensor}",
        code="SDO",
        axes={
            "watts": axis("10 20 30 50 70 100 150 200"),
            "kelvin": _WHITE,
            "colour": axis("чёрный серый белый"),
            "sensor": axis("| с датчиком движения", "|"),
        },
        props=(
            num("Мощность, Вт", "{watts}"),
            num("Цветовая температура, К", lambda s: s["kelvin"]),
            choice("Свет", "{glow}"),
            choice("Степень защиты IP", "IP65"),
            choice("Цвет", "{colour}"),
            choice("Материал", "алюминий"),
            num("Угол рассеяния, °", "120"),
        ),
        price=lambda s: 210 + s["watts"] * 16,
        weight=lambda s: s["watts"] * 12 / 1000 + Decimal("0.25"),
        brands=_MAKERS,
        picture="floodlight:{colour}",
        about="Прожектор для дворов, складов и вывесок, корпус из алюминия, стекло закалённое."
        " Работает при температуре от -40 до +50 °C.",
        links=_GLOWS,
        valid=lambda s: not s.text("sensor") or s["watts"] <= 50,
        branded=True,
        stock=110,
    ),
    Kind(
        key="linear",
        path=(_TOP, "Светильники", "Светильники линейные"),
        short="Светильники линейные",
        name="Светильник {model} {watts}Вт {length} мм {kelvin} {ip}",
        code="DSP",
        axes={
            "model": axis("ДСП ДПО ДБО"),
            "watts": axis("18 36 50"),
            "length": axis("600 1200 1500"),
            "kelvin": _WHITE[1:],
            "ip": axis("IP20 IP65"),
        },
        props=(
            choice("Серия", "{model}"),
            num("Мощность, Вт", "{watts}"),
            num("Длина, мм", "{length}"),
            num("Цветовая температура, К", lambda s: s["kelvin"]),
            choice("Свет", "{glow}"),
            choice("Степень защиты IP", "{ip}"),
            choice("Материал рассеивателя", "поликарбонат"),
        ),
        price=lambda s: 240 + s["watts"] * 15 + s["ip"] * 5,
        weight=lambda s: s["length"] / 900,
        brands=_MAKERS,
        picture="linear",
        about="Линейный светильник {ip} для складов, паркингов и подсобных помещений. Соединяется в линию"
        " без инструмента.",
        packs=(("778", 6),),
        links=_GLOWS,
        valid=lambda s: (s["ip"] > 20) == (s.text("model") == "ДСП") and s["watts"] * 40 >= s["length"],
        split="watts",
        branded=True,
        warehouses=("podolsk", "khimki", "shushary", "ekb", "krasnodar"),
        stock=130,
    ),
)
