"""Breakers, residual current devices, contactors, meters and enclosures."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num, text

_TOP: Final = "Модульное и щитовое оборудование"
_MAKERS: Final = ("Вольтанис", "Ампервелл", "Orvolt", "Kermond", "Фазиста")
_CURRENTS: Final = axis("6 10 16 20 25 32 40 50 63")
_MODULES: Final = MappingProxyType({"1P": "1", "1P+N": "2", "2P": "2", "3P": "3", "4P": "4", "3P+N": "4"})
_VOLTS: Final = MappingProxyType(
    {"1P": "230", "1P+N": "230", "2P": "400", "3P": "400", "4P": "400", "3P+N": "400"}
)
_TWELVE: Final = (("778", 12),)

KINDS: Final = (
    Kind(
        key="breaker",
        path=(_TOP, "Защита линий", "Автоматические выключатели"),
        short="Автоматы модульные",
        name="Автоматический выключатель ВА47-{frame} {poles} {amps}А {curve}",
        code="VA47",
        axes={
            "frame": axis("29 100"),
            "poles": axis("1P 2P 3P 4P"),
            "amps": (*_CURRENTS, "80", "100"),
            "curve": axis("B C D"),
        },
        props=(
            choice("Серия", "ВА47-{frame}"),
            choice("Число полюсов", "{poles}"),
            num("Номинальный ток, А", "{amps}"),
            choice("Характеристика срабатывания", "{curve}"),
            num("Номинальное напряжение, В", "{volts}"),
            num("Отключающая способность, кА", "{breaking}"),
            num("Ширина, модулей", "{modules}"),
            choice("Степень защиты IP", "IP20"),
        ),
        price=lambda s: s["poles"] * (118 + s["amps"] * 2) * (2 if s.text("frame") == "100" else 1),
        weight=lambda s: s["poles"] * 11 / 100,
        brands=_MAKERS,
        picture="breaker:{modules}:black",
        about="Модульный автомат на {amps} А с характеристикой {curve} защищает линию от перегрузки и"
        " короткого"
        " замыкания. Крепится на DIN-рейку 35 мм, положение контактов видно через окно на корпусе.",
        packs=_TWELVE,
        links=MappingProxyType(
            {
                "volts": Link("poles", _VOLTS),
                "modules": Link("poles", _MODULES),
                "breaking": Link("frame", {"29": "4,5", "100": "10"}),
            }
        ),
        valid=lambda s: (
            (s["amps"] <= 63) == (s.text("frame") == "29") and (s.text("curve") == "C" or s["poles"] <= 3)
        ),
        split="amps",
        branded=True,
        popular=True,
        stock=900,
    ),
    Kind(
        key="mccb",
        path=(_TOP, "Защита линий", "Автоматические выключатели"),
        short="Автоматы в литом корпусе",
        name="Выключатель автоматический ВА88-{frame} 3P {amps}А {breaking}кА",
        code="VA88",
        axes={
            "frame": axis("32 35 37 40"),
            "amps": axis("63 80 100 125 160 200 250 315 400 630"),
            "breaking": axis("25 35 50"),
        },
        props=(
            choice("Серия", "ВА88-{frame}"),
            choice("Число полюсов", "3P"),
            num("Номинальный ток, А", "{amps}"),
            num("Отключающая способность, кА", "{breaking}"),
            num("Номинальное напряжение, В", "400"),
            choice("Расцепитель", "тепловой и электромагнитный"),
        ),
        price=lambda s: 2100 + s["amps"] * 19 + s["breaking"] * 40,
        weight=lambda s: 1 + s["amps"] / 100,
        brands=_MAKERS[:4],
        picture="mccb:3",
        about="Силовой автомат в литом корпусе для вводных и распределительных панелей."
        " Допускает установку дополнительных контактов и независимого расцепителя.",
        links=MappingProxyType({"top": Link("frame", {"32": "125", "35": "250", "37": "400", "40": "630"})}),
        valid=lambda s: s["amps"] <= s["top"] <= s["amps"] * 5 / 2,
        branded=True,
        stock=25,
    ),
    Kind(
        key="rcd",
        path=(_TOP, "Защита линий", "УЗО и дифавтоматы"),
        short="УЗО",
        name="Выключатель дифференциальный ВД1-63 {poles} {amps}А {leak}мА тип {wave}",
        code="VD1",
        axes={
            "poles": axis("2P 4P"),
            "amps": axis("16 25 32 40 63 80"),
            "leak": axis("10 30 100 300"),
            "wave": axis("AC A"),
        },
        props=(
            choice("Серия", "ВД1-63"),
            choice("Число полюсов", "{poles}"),
            num("Номинальный ток, А", "{amps}"),
            num("Ток утечки, мА", "{leak}"),
            choice("Тип УЗО", "{wave}"),
            num("Ширина, модулей", "{modules}"),
        ),
        price=lambda s: (
            640 + s["poles"] * 190 + s["amps"] * 7 + (s["poles"] * 150 if s.text("wave") == "A" else 0)
        ),
        weight=lambda s: s["poles"] * 10 / 100,
        brands=_MAKERS,
        picture="rcd:{modules}",
        about="УЗО отключает линию при утечке тока {leak} мА и защищает людей от поражения, а проводку от"
        " возгорания."
        " Исправность проверяют кнопкой «Тест» раз в месяц.",
        links=MappingProxyType({"modules": Link("poles", _MODULES)}),
        valid=lambda s: s["leak"] > 10 or s["amps"] == 16,
        split="amps",
        branded=True,
        stock=160,
    ),
    Kind(
        key="rcbo",
        path=(_TOP, "Защита линий", "УЗО и дифавтоматы"),
        short="Дифавтоматы",
        name="Дифференциальный автомат АВДТ32 {poles} {curve}{amps} {leak}мА",
        code="AVDT",
        axes={
            "poles": axis("1P+N 3P+N"),
            "amps": axis("6 10 16 20 25 32 40 50 63"),
            "curve": axis("B C"),
            "leak": axis("10 30 100"),
        },
        props=(
            choice("Серия", "АВДТ32"),
            choice("Число полюсов", "{poles}"),
            num("Номинальный ток, А", "{amps}"),
            num("Ток утечки, мА", "{leak}"),
            choice("Характеристика срабатывания", "{curve}"),
            choice("Тип УЗО", "A"),
            num("Ширина, модулей", "{modules}"),
        ),
        price=lambda s: 890 + s["poles"] * 310 + s["amps"] * 9,
        weight=lambda s: s["poles"] * 9 / 100,
        brands=_MAKERS,
        picture="rcd:{modules}",
        about="Автомат и УЗО в одном корпусе: защищает линию {amps} А от перегрузки, короткого замыкания и"
        " утечки."
        " Экономит место в щите и упрощает монтаж.",
        links=MappingProxyType({"modules": Link("poles", _MODULES)}),
        valid=lambda s: s["leak"] > 10 or s["amps"] <= 16,
        split="amps",
        branded=True,
        stock=140,
    ),
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
