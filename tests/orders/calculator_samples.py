"""A calculator of cable and a configurator of a boiler, with goods for them."""

from dataclasses import dataclass
from decimal import Decimal

from catalog.models import (
    Calculator,
    CalculatorKind,
    CheckLevel,
    Classifier,
    Pack,
    ProductSection,
    Property,
    PropertyType,
    PropertyValue,
    Section,
    Sku,
)
from tests.factories import World, make_sku, make_unit

AREA, MARK, POWER, FLOW = "Сечение жилы, мм²", "Марка", "Мощность, кВт", "Подача, л/мин"


@dataclass(frozen=True)
class Cables:
    """The calculator with its goods: cables of 1,5, 2,5 and 4 mm² at 30, 50 and 80 a metre, a box."""

    calculator: Calculator
    section: Section
    thin: Sku
    middle: Sku
    thick: Sku
    box: Sku

    @property
    def keys(self) -> tuple[str, str]:
        cable, box = self.calculator.lines.order_by("position").values_list("pk", flat=True)
        return f"l{cable}", f"l{box}"


def make_cables(world: World) -> Cables:
    """Cable by load and length: table of amperes, 10 % to spare, rounded to coils of 100 m."""
    section = make_section("Силовой кабель")
    metre, coil = make_unit("006", "м"), make_unit("778", "упак")
    area = Property.objects.create(name=AREA, value_type=PropertyType.NUMBER)
    cables: list[Sku] = []
    for size, price in (("1.5", 30), ("2.5", 50), ("4", 80)):
        sku = make_sku(f"Кабель 3х{size}", price=price, stock={world.main_warehouse: 500}, unit=metre)
        place(sku, section)
        describe(sku, area, size)
        Pack.objects.create(product=sku.product, unit=coil, coefficient=100)
        cables.append(sku)
    box = make_sku("Коробка", price=20, stock={world.main_warehouse: 50})
    calculator = Calculator.objects.create(
        slug="cable", name="Сечение кабеля", intro="По нагрузке и длине.", is_published=True
    )
    calculator.sections.add(section)
    calculator.inputs.create(
        position=1,
        name="power",
        label="Нагрузка",
        unit="кВт",
        minimum=Decimal("0.1"),
        maximum=20,
        default="3",
    )
    calculator.inputs.create(position=2, name="length", label="Длина", unit="м", minimum=1, default="40")
    calculator.inputs.create(
        position=3, name="way", label="Прокладка", kind="choice", choices="air = открыто\npipe = в трубе",
        default="air",
    )  # fmt: skip
    calculator.inputs.create(position=4, name="boxed", label="Нужна коробка", kind="flag", default="да")
    calculator.tables.create(name="amperes", rows="19 = 1.5\n27 = 2.5\n38 = 4")
    # Steps stand in another order than they are counted in.
    calculator.steps.create(
        position=1, name="s", label="Сечение", expression="lookup(amperes, i)", unit="мм²"
    )
    calculator.steps.create(
        position=2,
        name="i",
        label="Ток",
        expression='power * 1000 / 220 * if(way = "pipe", 1.25, 1)',
        unit="А",
    )
    calculator.checks.create(
        condition="length > 300", level=CheckLevel.REFUSE, message="{length} м – слишком далеко"
    )
    calculator.checks.create(condition="length > 100", message="Проверьте потери напряжения")
    calculator.lines.create(
        position=1,
        label="Кабель",
        quantity="length * 1.1",
        section=section,
        filters=f"{AREA} >= s",
        order="cheapest",
    )
    calculator.lines.create(
        position=2,
        label="Коробка",
        condition="boxed",
        quantity="ceil(length / 30)",
        sku=box,
        is_optional=True,
    )
    return Cables(calculator, section, cables[0], cables[1], cables[2], box)


@dataclass(frozen=True)
class Boilers:
    """The configurator with boilers of 12 and 24 kW and pumps of 20 and 40 l/min."""

    calculator: Calculator
    weak: Sku
    strong: Sku
    slow: Sku
    quick: Sku


def make_boilers(world: World) -> Boilers:
    """A boiler by the area of a house, with a pump that a strong boiler must have."""
    boilers, pumps = make_section("Котлы"), make_section("Насосы")
    power = Property.objects.create(name=POWER, value_type=PropertyType.NUMBER)
    flow = Property.objects.create(name=FLOW, value_type=PropertyType.NUMBER)
    made: list[Sku] = []
    for section, told, name, size, price in (
        (boilers, power, "Котёл", "12", 30_000),
        (boilers, power, "Котёл", "24", 50_000),
        (pumps, flow, "Насос", "20", 4_000),
        (pumps, flow, "Насос", "40", 6_000),
    ):
        sku = make_sku(f"{name} {size}", price=price, stock={world.main_warehouse: 5})
        place(sku, section)
        describe(sku, told, size)
        made.append(sku)
    calculator = Calculator.objects.create(
        slug="boiler", name="Котёл с обвязкой", kind=CalculatorKind.CONFIGURATOR, is_published=True
    )
    calculator.inputs.create(name="area", label="Площадь", unit="м²", minimum=10, maximum=500, default="150")
    calculator.steps.create(name="heat", label="Теплопотери", expression="area / 10", unit="кВт")
    calculator.slots.create(
        position=1, name="boiler", label="Котёл", section=boilers, properties=f"power = {POWER}"
    )
    calculator.slots.create(
        position=2, name="pump", label="Насос", section=pumps, properties=f"flow = {FLOW}", is_required=False,
        minimum=1, maximum=3,
    )  # fmt: skip
    calculator.rules.create(
        position=1,
        condition="boiler.power >= heat",
        message="Нужно не меньше {heat} кВт, у котла {boiler.power}",
    )
    calculator.rules.create(
        position=2,
        kind="requires",
        condition="boiler.power > 20",
        target="pump",
        message="Мощному котлу нужен насос",
    )
    calculator.rules.create(
        position=3,
        kind="excludes",
        condition="boiler.power < 20",
        target="pump",
        message="В котле насос уже есть",
    )
    calculator.rules.create(position=4, condition="pump.flow >= boiler.power", message="Насос слабее котла")
    return Boilers(calculator, *made)


def make_section(name: str) -> Section:
    classifier, _is_new = Classifier.objects.get_or_create(name="По виду")
    return Section.objects.create(classifier=classifier, name=name, sort_key=name.casefold())


def place(sku: Sku, section: Section) -> None:
    ProductSection.objects.create(product=sku.product, section=section)


def describe(sku: Sku, told: Property, value: str) -> None:
    PropertyValue.objects.create(
        product=sku.product, property=told, raw=value, text=value.replace(".", ","), number=Decimal(value)
    )
