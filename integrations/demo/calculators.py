"""Calculators and configurators of the invented company; what its goods cannot answer is left out."""

from typing import Final

from django.db import transaction

from catalog.models import Calculator, CalculatorKind, ClassifierKind, Section

_CURRENTS_AIR: Final = "19 = 1.5\n25 = 2.5\n35 = 4\n42 = 6\n55 = 10\n75 = 16\n95 = 25\n120 = 35\n145 = 50"
_CURRENTS_GROUND: Final = (
    "27 = 1.5\n38 = 2.5\n49 = 4\n60 = 6\n90 = 10\n115 = 16\n150 = 25\n180 = 35\n225 = 50"
)
_SERIES: Final = "\n".join(
    f"{size} = {size}" for size in ("1.5", "2.5", "4", "6", "10", "16", "25", "35", "50")
)
_AREA: Final = "Сечение жилы, мм²"


def calculators_fill() -> None:
    """Three of each kind; nothing where there are any."""
    if Calculator.objects.exists():
        return
    with transaction.atomic():
        for make in (_cable, _fasteners, _radiators, _board, _heating, _tray):
            make()


def _section(name: str) -> Section | None:
    sections = Section.objects.filter(name=name, classifier__kind=ClassifierKind.ERP)
    return sections.order_by("pk").first()


def _sections(*names: str) -> list[Section] | None:
    found = [_section(name) for name in names]
    return None if None in found else [one for one in found if one is not None]


def _calculator(slug: str, name: str, intro: str, sections: list[Section], *, position: int) -> Calculator:
    made = Calculator.objects.create(slug=slug, name=name, intro=intro, is_published=True, position=position)
    made.sections.set(sections)
    return made


def _configurator(slug: str, name: str, intro: str, sections: list[Section], *, position: int) -> Calculator:
    made = _calculator(slug, name, intro, sections, position=position)
    made.kind = CalculatorKind.CONFIGURATOR
    made.save(update_fields=["kind"])
    return made


def _cable() -> None:
    sections = _sections("Кабель ВВГнг(А)-LS")
    if sections is None:
        return
    made = _calculator(
        "cable-section",
        "Сечение кабеля по нагрузке и длине",
        "Медный трёхжильный кабель, однофазная линия 230 В. Длительные токи – по таблице 1.3.6 ПУЭ,"
        " потеря напряжения – упрощённо, без индуктивного сопротивления. Не заменяет проект.",
        sections,
        position=1,
    )
    inputs = made.inputs
    inputs.create(
        position=1, name="power", label="Нагрузка", unit="кВт", minimum="0.1", maximum=50, default="5"
    )
    inputs.create(
        position=2, name="length", label="Длина линии", unit="м", minimum=1, maximum=1000, default="40"
    )
    inputs.create(
        position=3, name="way", label="Прокладка", kind="choice",
        choices="air = в воздухе, открыто\nground = в земле", default="air",
    )  # fmt: skip
    inputs.create(
        position=4, name="cosine", label="Коэффициент мощности", minimum="0.5", maximum=1, default="0,95"
    )
    inputs.create(
        position=5,
        name="drop",
        label="Допустимая потеря напряжения",
        unit="%",
        minimum=1,
        maximum=10,
        default="4",
    )
    made.tables.create(name="air", rows=_CURRENTS_AIR, note="ПУЭ, таблица 1.3.6, трёхжильные")
    made.tables.create(name="ground", rows=_CURRENTS_GROUND, note="ПУЭ, таблица 1.3.6, трёхжильные")
    made.tables.create(name="series", rows=_SERIES, note="Стандартный ряд сечений")
    steps = made.steps
    steps.create(
        position=1, name="current", label="Ток", expression="power * 1000 / (230 * cosine)", unit="А"
    )
    steps.create(
        position=2, name="by_current", label="Сечение по току", unit="мм²",
        expression='if(way = "ground", lookup(ground, current), lookup(air, current))',
    )  # fmt: skip
    steps.create(
        position=3, name="by_drop", label="Сечение по потере напряжения", unit="мм²",
        expression="lookup(series, 2 * 0.0175 * length * current * cosine / (230 * drop / 100))",
    )  # fmt: skip
    steps.create(
        position=4, name="s", label="Нужное сечение", expression="max(by_current, by_drop)", unit="мм²"
    )
    steps.create(
        position=5, name="lost", label="Потеря напряжения", unit="%",
        expression="round(2 * 0.0175 * length * current * cosine / s / 230 * 100, 1)",
    )  # fmt: skip
    made.checks.create(condition="by_drop > by_current", message="Сечение определила длина линии: {s} мм²")
    made.lines.create(
        position=1, label="Кабель с запасом 5 %", quantity="length * 1.05", section=sections[0],
        filters=f"{_AREA} >= s\nЧисло жил = 3", order="cheapest", is_by_pack=False,
    )  # fmt: skip


def _fasteners() -> None:
    sections = _sections("Дюбели", "Саморезы")
    if sections is None:
        return
    made = _calculator(
        "fasteners",
        "Крепёж на площадь",
        "Дюбели и саморезы для листов и плит по площади и шагу.",
        sections,
        position=2,
    )
    made.inputs.create(
        position=1, name="area", label="Площадь", unit="м²", minimum="0.5", maximum=10000, default="50"
    )
    made.inputs.create(
        position=2, name="pitch", label="Шаг", unit="мм", minimum=100, maximum=1000, default="300"
    )
    made.inputs.create(
        position=3, name="sheet", label="Толщина материала", unit="мм", minimum=1, maximum=50, default="12"
    )
    made.inputs.create(position=4, name="screws", label="Нужны саморезы", kind="flag", default="да")
    made.steps.create(
        position=1, name="per_metre", label="На 1 м²", expression="1 / (pitch / 1000) ^ 2", unit="шт"
    )
    made.steps.create(
        position=2,
        name="total",
        label="Всего с запасом 5 %",
        expression="ceil(area * per_metre * 1.05)",
        unit="шт",
    )
    made.steps.create(
        position=3, name="screw", label="Длина самореза не меньше", expression="sheet + 15", unit="мм"
    )
    made.lines.create(
        position=1, label="Дюбели", quantity="total", section=sections[0],
        filters="Диаметр, мм = 6\nДлина, мм >= 40", order="cheapest",
    )  # fmt: skip
    made.lines.create(
        position=2, label="Саморезы", condition="screws", quantity="total", section=sections[1],
        filters="Длина, мм >= screw", order="cheapest", is_optional=True,
    )  # fmt: skip


def _radiators() -> None:
    sections = _sections("Радиаторы", "Краны шаровые")
    if sections is None:
        return
    made = _calculator(
        "radiators", "Радиаторы по площади и окнам",
        "Оценка по 100 Вт на м² с поправками на угол и высоту потолка. Не заменяет теплотехнический расчёт.",
        sections, position=3,
    )  # fmt: skip
    made.inputs.create(
        position=1, name="area", label="Площадь комнаты", unit="м²", minimum=3, maximum=200, default="18"
    )
    made.inputs.create(
        position=2, name="height", label="Высота потолка", unit="м", minimum=2, maximum=6, default="2,7"
    )
    made.inputs.create(position=3, name="windows", label="Окон", minimum=1, maximum=20, step=1, default="2")
    made.inputs.create(position=4, name="corner", label="Угловая комната", kind="flag")
    made.steps.create(
        position=1, name="heat", label="Теплопотери", unit="Вт",
        expression="round(area * 100 * height / 2.7 * if(corner, 1.3, 1))",
    )  # fmt: skip
    made.steps.create(
        position=2, name="each", label="На одно окно", expression="ceil(heat / windows)", unit="Вт"
    )
    made.lines.create(
        position=1, label="Радиаторы под окна", quantity="windows", section=sections[0],
        filters="Тепловая мощность, Вт >= each", order="cheapest",
    )  # fmt: skip
    made.lines.create(
        position=2, label="Краны на подводки", quantity="windows * 2", section=sections[1],
        filters="Условный проход, мм = 15", order="cheapest", is_optional=True, is_by_pack=False,
    )  # fmt: skip


def _board() -> None:
    sections = _sections("Щиты пластиковые", "Автоматические выключатели", "УЗО и дифавтоматы")
    if sections is None:
        return
    box, breakers, residual = sections
    made = _configurator(
        "board", "Распределительный щит", "Однофазный щит: вводной автомат, УЗО, автоматы линий, корпус.",
        sections, position=1,
    )  # fmt: skip
    made.inputs.create(
        position=1, name="load", label="Мощность по договору", unit="кВт", minimum=1, maximum=14, default="7"
    )
    made.inputs.create(position=2, name="lines", label="Линий", minimum=1, maximum=24, step=1, default="8")
    made.steps.create(
        position=1, name="current", label="Ток ввода", expression="ceil(load * 1000 / 230)", unit="А"
    )
    made.steps.create(
        position=2,
        name="modules",
        label="Нужно мест с запасом 20 %",
        expression="ceil((4 + lines) * 1.2)",
        unit="мод.",
    )
    made.slots.create(
        position=1, name="main", label="Вводной автомат", section=breakers,
        properties="amps = Номинальный ток, А",
        filters='Число полюсов = "2P"',
    )  # fmt: skip
    made.slots.create(
        position=2, name="rcd", label="УЗО", section=residual,
        properties="amps = Номинальный ток, А\nleak = Ток утечки, мА",
        filters='Число полюсов = "2P"\nСерия = "ВД1-63"',
    )  # fmt: skip
    made.slots.create(
        position=3, name="group", label="Автоматы линий", section=breakers,
        properties="amps = Номинальный ток, А",
        filters='Число полюсов = "1P"', quantity="lines", minimum=1, maximum=48,
    )  # fmt: skip
    made.slots.create(
        position=4, name="box", label="Корпус", section=box, properties="modules = Число модулей",
        filters="Число модулей >= 4",
    )  # fmt: skip
    rules = (
        ("main.amps >= current", "Вводному автомату нужно не меньше {current} А, у этого {main.amps} А"),
        (
            "rcd.amps >= main.amps",
            "УЗО на {rcd.amps} А не защитит автомат на {main.amps} А: номинал УЗО не ниже",
        ),
        ("rcd.leak <= 100", "На ввод щита ставят УЗО не грубее 100 мА, у этого {rcd.leak} мА"),
        ("group.amps < main.amps", "Автомат линии должен быть слабее вводного: иначе отключится весь щит"),
        ("box.modules >= modules", "Корпусу нужно не меньше {modules} мест, у этого {box.modules}"),
    )
    for position, (condition, message) in enumerate(rules):
        made.rules.create(position=position, condition=condition, message=message)


def _heating() -> None:
    sections = _sections("Насосы", "Радиаторы", "Краны шаровые")
    if sections is None:
        return
    pumps, radiators, valves = sections
    made = _configurator(
        "heating", "Контур отопления", "Насос, радиаторы и краны под площадь дома. Оценка по 100 Вт на м².",
        sections, position=2,
    )  # fmt: skip
    made.inputs.create(
        position=1, name="area", label="Площадь", unit="м²", minimum=20, maximum=300, default="100"
    )
    made.inputs.create(
        position=2, name="rooms", label="Радиаторов", minimum=1, maximum=40, step=1, default="8"
    )
    made.inputs.create(
        position=3, name="rise", label="Нужный напор", unit="м", minimum=1, maximum=8, default="4"
    )
    made.steps.create(position=1, name="heat", label="Теплопотери", expression="area * 100", unit="Вт")
    made.steps.create(
        position=2,
        name="flow",
        label="Расход при перепаде 20 °C",
        expression="ceil(heat / 1000 * 0.86 / 20 * 1000 / 60)",
        unit="л/мин",
    )
    made.slots.create(
        position=1, name="pump", label="Циркуляционный насос", section=pumps,
        filters='Вид изделия = "циркуляционный"',
        properties="rise = Напор, м\nflow = Производительность, л/мин",
    )  # fmt: skip
    made.slots.create(
        position=2, name="radiator", label="Радиаторы", section=radiators, quantity="rooms",
        minimum=1, maximum=60,
        properties="power = Тепловая мощность, Вт",
    )  # fmt: skip
    made.slots.create(
        position=3, name="valve", label="Краны на радиаторы", section=valves, quantity="radiator.count * 2",
        properties="bore = Условный проход, мм", filters="Условный проход, мм <= 25",
    )  # fmt: skip
    rules = (
        ("pump.rise >= rise", "condition", "", "Насосу не хватит напора: {pump.rise} м из {rise}"),
        ("pump.flow >= flow", "condition", "", "Насосу не хватит подачи: {pump.flow} л/мин из {flow}"),
        ("radiator.power * rooms >= heat", "condition", "", "{rooms} таких радиаторов не покроют {heat} Вт"),
        (
            "valve.bore = 15",
            "condition",
            "",
            "Радиатору нужен кран на 1/2 дюйма (проход 15 мм), у этого {valve.bore} мм",
        ),
        ("radiator.chosen", "requires", "valve", "К радиаторам нужны краны: без них радиатор не снять зимой"),
    )
    for position, (condition, kind, target, message) in enumerate(rules):
        made.rules.create(position=position, condition=condition, kind=kind, target=target, message=message)


def _tray() -> None:
    sections = _sections("Лотки металлические", "Кабель ВВГнг(А)-LS", "Изолента, термоусадка, стяжки")
    if sections is None:
        return
    trays, cables, ties = sections
    made = _configurator(
        "cable-tray", "Кабельная трасса в лотке", "Лоток по числу кабелей с заполнением не больше 40 %.",
        sections, position=3,
    )  # fmt: skip
    made.inputs.create(
        position=1, name="length", label="Длина трассы", unit="м", minimum=1, maximum=2000, default="30"
    )
    made.inputs.create(
        position=2, name="count", label="Кабелей в трассе", minimum=1, maximum=100, step=1, default="10"
    )
    made.slots.create(
        position=1, name="cable", label="Кабель", section=cables, quantity="length * count * 1.05",
        properties="across = Наружный диаметр, мм",
    )  # fmt: skip
    made.slots.create(
        position=2, name="tray", label="Лоток", section=trays, quantity="ceil(length / 3)",
        properties="width = Ширина, мм\nheight = Высота, мм",
    )  # fmt: skip
    made.slots.create(
        position=3,
        name="tie",
        label="Крепление кабеля",
        section=ties,
        is_required=False,
        minimum=1,
        maximum=1000,
    )
    made.rules.create(
        position=1, condition="cable.across ^ 2 * 0.785 * count <= tray.width * tray.height * 0.4",
        message="Кабели займут больше 40 % лотка {tray.width}×{tray.height} мм",
    )  # fmt: skip
