"""Breakers and residual current devices."""

from types import MappingProxyType
from typing import Final

from integrations.demo.kind import Kind, Link, axis, choice, num

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
)
