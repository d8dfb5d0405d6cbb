"""Contactors, relays, meters and enclosures."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num, text

_TOP: Final = "Модульное и щитовое оборудование"
_MAKERS: Final = ("Вольтанис", "Ампервелл", "Orvolt", "Kermond", "Фазиста")

KINDS: Final = (
    Kind(
        key="contactor",
        path=(_TOP, "Управление и учёт", "Контакторы и реле"),
        short="Контакторы",
        name="Контактор КМИ-{amps} {amps}А {coil}В AC3 {aux}",
        code="KMI",
        axes={
            "amps": axis("9 12 18 25 32 40 50 65 80 95"),
            "coil": axis("24 110 230 400"),
            "aux": axis("1НО 1НЗ 1НО+1НЗ"),
        },
        props=(
            num("Номинальный ток, А", "{amps}"),
            num("Напряжение катушки, В", "{coil}"),
            choice("Дополнительные контакты", "{aux}"),
            choice("Категория применения", "AC-3"),
            num("Мощность двигателя, кВт", lambda s: s["amps"] * 45 / 100),
            choice("Степень защиты IP", "IP20"),
        ),
        price=lambda s: 380 + s["amps"] * 37,
        weight=lambda s: (s["amps"] * 12 + 250) / 1000,
        brands=_MAKERS[:4],
        picture="contactor",
        about="Контактор включает и отключает двигатели, насосы и линии освещения. Катушка на {coil} В,"
        " механический ресурс не менее миллиона срабатываний.",
        valid=lambda s: s.text("aux") != "1НО+1НЗ" or s["amps"] >= 40,
        branded=True,
        stock=60,
    ),
    Kind(
        key="relay",
        path=(_TOP, "Управление и учёт", "Контакторы и реле"),
        short="Реле",
        name="Реле {purpose} {model} {amps}А {volts}В",
        code="RL",
        axes={
            "purpose": axis("контроля фаз | времени | напряжения | промежуточное", "|"),
            "model": axis("РМ-1 РМ-2 РМ-3"),
            "amps": axis("5 8 16"),
            "volts": axis("24 230"),
        },
        props=(
            choice("Назначение", "{purpose}"),
            num("Номинальный ток, А", "{amps}"),
            num("Напряжение катушки, В", "{volts}"),
            choice("Монтаж", "на DIN-рейку"),
            choice("Степень защиты IP", "IP20"),
        ),
        price=lambda s: 420 + s["amps"] * 46 + s["model"] * 120,
        weight=lambda s: s["amps"] / 100,
        brands=("Релмаркет", "Вольтанис", "Ампервелл"),
        picture="relay",
        about="Реле {purpose} для автоматики жилых и производственных щитов. Уставки задаются на лицевой"
        " панели,"
        " состояние показывают светодиоды.",
        branded=True,
        stock=70,
    ),
    Kind(
        key="meter",
        path=(_TOP, "Управление и учёт", "Счётчики электроэнергии"),
        short="Счётчики",
        name="Счётчик электроэнергии {phases} {rate} {base}({top})А {mount}",
        code="SE",
        axes={
            "phases": axis("1ф 3ф"),
            "rate": axis("однотарифный многотарифный"),
            "base": axis("5 10"),
            "top": axis("60 80 100"),
            "mount": axis("DIN щитовой"),
        },
        props=(
            choice("Число фаз", "{phases}"),
            choice("Тарифы", "{rate}"),
            num("Максимальный ток, А", "{top}"),
            choice("Монтаж", "{mount}"),
            num("Класс точности", "1"),
            num("Межповерочный интервал, лет", "16"),
            text("Нормативный документ", "ГОСТ 31819.21-2012"),
        ),
        price=lambda s: s["phases"] * 900 + s["top"] * 4 + (1100 if s.text("rate").startswith("м") else 250),
        weight=lambda s: s["phases"] * 45 / 100,
        brands=("Фазиста", "Вольтанис", "Релмаркет"),
        picture="meter:{phases}",
        about="Электронный счётчик активной энергии, {rate}, с первичной поверкой. Паспорт и пломба в"
        " комплекте.",
        branded=True,
        warehouses=("podolsk", "khimki", "shushary", "parnas"),
        stock=80,
    ),
    Kind(
        key="box-plastic",
        path=(_TOP, "Щиты и шкафы", "Щиты пластиковые"),
        short="Щиты пластиковые",
        name="Щит распределительный {mount} на {modules} модулей {ip} {door}",
        code="SHP",
        axes={
            "modules": axis("4 8 12 18 24 36"),
            "mount": axis("ЩРН-П ЩРВ-П"),
            "ip": axis("IP41 IP65"),
            "door": axis("белая дверь | прозрачная дверь", "|"),
        },
        props=(
            num("Число модулей", "{modules}"),
            choice("Способ установки", "{way}"),
            choice("Степень защиты IP", "{ip}"),
            choice("Дверца", "{door}"),
            choice("Материал", "пластик АБС"),
            choice("Цвет", "белый"),
        ),
        price=lambda s: 180 + s["modules"] * 42 + (s["ip"] - 40) * 9,
        weight=lambda s: s["modules"] * 8 / 100,
        brands=("Щитоград", "Ампервелл", "Orvolt"),
        picture="box:{modules}:white",
        about="Пластиковый щит на {modules} модулей с шинами N и PE. Перфорация корпуса намечена под ввод"
        " кабеля"
        " с любой стороны.",
        links=MappingProxyType({"way": Link("mount", {"ЩРН-П": "навесной", "ЩРВ-П": "встраиваемый"})}),
        branded=True,
        stock=50,
    ),
    Kind(
        key="box-metal",
        path=(_TOP, "Щиты и шкафы", "Щиты металлические"),
        short="Щиты металлические",
        name="Щит с монтажной панелью ЩМП {height}х{width}х{depth} {ip}",
        code="SHM",
        axes={
            "height": axis("300 400 500 650 800 1000 1200"),
            "width": axis("250 300 400 500 650"),
            "depth": axis("150 220 250"),
            "ip": axis("IP31 IP54"),
        },
        props=(
            num("Высота, мм", "{height}"),
            num("Ширина, мм", "{width}"),
            num("Глубина, мм", "{depth}"),
            choice("Степень защиты IP", "{ip}"),
            choice("Материал", "сталь"),
            choice("Цвет", "серый RAL 7035"),
            num("Толщина стенки, мм", "1,2"),
        ),
        price=lambda s: (
            (s["height"] * s["width"] / 40 + s["depth"] * 4) * (110 if s["ip"] > 40 else 90) / 100
        ),
        weight=lambda s: s["height"] * s["width"] / 16000,
        brands=("Щитоград", "Вольтанис", "Фазиста"),
        picture="box:0:grey",
        about="Стальной щит с монтажной панелью и замком, окрашен порошковой краской."
        " Подходит для сборки щитов учёта, автоматики и управления.",
        valid=lambda s: s["width"] * 5 >= s["height"] * 2 and s["width"] <= s["height"],
        warehouses=("podolsk", "shushary", "ekb", "krasnodar"),
        stock=20,
    ),
)
