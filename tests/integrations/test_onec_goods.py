"""Goods of import.xml: what they become, how they change, what must not happen to them."""

from datetime import timedelta
from decimal import Decimal

import pytest

from catalog.models import (
    Brand,
    Classifier,
    Pack,
    Product,
    ProductSection,
    Property,
    PropertyOption,
    PropertyValue,
    Section,
    Sku,
)
from integrations.models import ExternalId
from tests.integrations.onec_talk import (
    BLUE,
    CHILD,
    GOOD,
    GROUP,
    GROUPS,
    LENGTH,
    MATERIAL,
    OTHER,
    PROPERTIES,
    RED,
    STEEL,
    Talk,
    catalog,
    good,
    make_node,
)

NEW_STEEL = "46b9ad0c-2484-11e9-80c9-00000000000f"


def values_of(product: Product) -> dict[str, tuple[str, str, Decimal | None]]:
    rows = product.property_values.select_related("property")
    return {row.property.name: (row.raw, row.text, row.number) for row in rows}


def backdate() -> None:
    Product.objects.update(updated_at=Product.objects.first().updated_at - timedelta(days=1))


def test_good_becomes_product_with_everything_around_it(talk: Talk) -> None:
    answer = talk.load(
        "import0_1.xml", catalog(good(extra="<Описание>Оцинкованный\nболт &lt; 1 кг</Описание>"))
    )

    product = Product.objects.get()
    assert answer == (
        "success\nimport0_1.xml: разделов: 2, свойств: 2, товаров: 1, новых товаров: 1,"
        " изменённых значений свойств: 2, новых позиций: 1"
    )
    assert (product.name, product.article, product.kind, product.item_type) == (
        "Болт М8х40", "B-8-40", "Метизы", "Товар",
    )  # fmt: skip
    assert (product.vat_percent, product.brand.name, product.is_hidden) == (22, "ООО «Завод»", False)
    assert (product.unit.code, product.unit.name, product.unit.full_name) == ("796", "шт", "Штука")
    assert list(Pack.objects.values_list("unit__code", "unit__name", "coefficient")) == [("778", "упак", 50)]
    assert [place.section.name for place in product.places.select_related("section")] == ["Болты"]
    assert Section.objects.get(name="Болты").parent.name == "Крепёж"
    assert Classifier.objects.get().name == "Каталог"
    assert values_of(product) == {
        "Длина": ("40,5", "40,5", Decimal("40.5")),
        "Материал": (STEEL, "Сталь", None),
    }
    assert (Sku.objects.get().product, Sku.objects.get().characteristic) == (product, "")
    assert dict(
        ExternalId.objects.filter(kind__in=["product", "sku"]).values_list("kind", "external_id")
    ) == {
        "product": GOOD,
        "sku": GOOD,
    }


def test_description_of_plain_text_is_escaped_and_html_is_cleaned(talk: Talk) -> None:
    html = "&lt;p onclick=&quot;x()&quot;&gt;Болт&lt;script&gt;alert(1)&lt;/script&gt;&lt;/p&gt;"
    talk.load(
        "import0_1.xml",
        catalog(
            good(extra="<Описание>Болт\n5 &amp; 6</Описание>"),
            good(OTHER, extra=f"<Описание>{html}</Описание>"),
        ),
    )

    assert list(Product.objects.order_by("pk").values_list("description", flat=True)) == [
        "Болт<br>5 &amp; 6",
        "<p>Болт</p>",
    ]


def test_same_file_again_changes_nothing(talk: Talk) -> None:
    body = catalog(good(), good(OTHER, "Гайка"))
    talk.load("import0_1.xml", body)
    backdate()
    before = [
        list(model.objects.order_by("pk").values()) for model in (Product, PropertyValue, Sku, Pack, Section)
    ]

    talk.load("import0_2.xml", body)

    after = [
        list(model.objects.order_by("pk").values()) for model in (Product, PropertyValue, Sku, Pack, Section)
    ]
    assert after == before
    assert talk.file("import0_2.xml").report["counts"] == {"sections": 2, "properties": 2, "goods": 2}


def test_changed_good_keeps_its_row_and_the_rest_stays(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    backdate()
    old = Product.objects.get(name="Гайка").updated_at
    pk = Product.objects.get(name="Болт М8х40").pk

    talk.load("import0_2.xml", catalog(good(name="Болт М8х45", article="B-8-45"), good(OTHER, "Гайка")))

    product = Product.objects.get(pk=pk)
    assert (product.name, product.article, product.skus.get().article) == ("Болт М8х45", "B-8-45", "B-8-45")
    assert product.updated_at > old
    assert Product.objects.get(name="Гайка").updated_at == old
    assert talk.file("import0_2.xml").report["counts"]["goods_changed"] == 1


@pytest.mark.parametrize(
    "marked",
    [
        good(status="Удален"),
        good(extra="<Статус>Удален</Статус>"),
        good(extra="<ПометкаУдаления>true</ПометкаУдаления>"),
        f"<Товар><Ид>{GOOD}</Ид><ПометкаУдаления>true</ПометкаУдаления></Товар>",
        f'<Товар Статус="Удален"><Ид>{GOOD}</Ид><Наименование>Болт</Наименование></Товар>',
    ],
    ids=["attribute", "child", "mark", "mark-only", "brief"],
)
def test_deletion_mark_hides_and_its_absence_shows_again(talk: Talk, marked: str) -> None:
    talk.load("import0_1.xml", catalog(good()))
    before = Product.objects.values("pk", "name", "unit_id", "vat_percent").get()

    talk.load("import0_2.xml", catalog(marked))
    hidden = Product.objects.get().is_hidden
    values = PropertyValue.objects.count()
    talk.load("import0_3.xml", catalog(good()))

    assert hidden
    assert values == 2
    assert not Product.objects.get().is_hidden
    assert Product.objects.values("pk", "name", "unit_id", "vat_percent").get() == before


def test_full_export_without_a_good_leaves_it(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))

    talk.load("import0_2.xml", catalog(good()))

    assert Product.objects.filter(is_hidden=False).count() == 2


def test_portion_without_classifier_uses_the_known_one(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))

    talk.load("import0_2.xml", catalog(good(OTHER, "Гайка"), groups="", properties=""))

    assert list(ProductSection.objects.values_list("section__name", flat=True)) == ["Болты", "Болты"]
    assert Section.objects.count() == 2
    assert Property.objects.count() == 2


def test_group_is_renamed_moved_and_never_dropped(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))
    moved = f"<Группы><Группа><Ид>{CHILD}</Ид><Наименование>Болты и винты</Наименование></Группа></Группы>"

    talk.load("import0_2.xml", catalog(good(), groups=moved))

    assert list(Section.objects.order_by("name").values_list("name", "parent_id")) == [
        ("Болты и винты", None),
        ("Крепёж", None),
    ]
    assert ProductSection.objects.get().section.name == "Болты и винты"


def test_good_that_changes_its_group_leaves_the_old_one_but_not_a_section_of_the_portal(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))
    own = Section.objects.create(classifier=Classifier.objects.create(name="По применению"), name="Мебель")
    ProductSection.objects.create(product=Product.objects.get(), section=own)

    talk.load("import0_2.xml", catalog(good(group=GROUP)))

    assert set(ProductSection.objects.values_list("section__name", flat=True)) == {"Крепёж", "Мебель"}


@pytest.mark.parametrize(("group", "warnings"), [("", 0), ("82cfb8dc-18f9-11e7-80c2-0000000000ff", 1)])
def test_good_without_a_known_group_is_parked(talk: Talk, group: str, warnings: int) -> None:
    talk.load("import0_1.xml", catalog(good(group=group)))
    parked = list(ProductSection.objects.values_list("section__name", flat=True))

    talk.load("import0_2.xml", catalog(good()))

    assert parked == ["Без группы"]
    assert talk.file("import0_1.xml").report["warnings_total"] == warnings
    assert list(ProductSection.objects.values_list("section__name", flat=True)) == ["Болты"]


def test_manufacturer_is_one_by_name_whatever_its_id(talk: Talk) -> None:
    talk.load(
        "import0_1.xml",
        catalog(
            good(brand="ООО «Завод»"),
            good(OTHER, "Гайка", brand='ооо "ЗАВОД"'),
            good("x-1", "Шайба", brand=""),
        ),
    )

    assert Brand.objects.get().name == "ООО «Завод»"
    assert list(Product.objects.order_by("pk").values_list("brand__name", flat=True)) == [
        "ООО «Завод»"
    ] * 2 + [None]


def test_same_id_twice_takes_the_last_and_warns(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(name="Болт второй")))

    assert Product.objects.get().name == "Болт второй"
    assert talk.file("import0_1.xml").report["warnings"] == [
        {"text": "Ид повторяется в файле: взят последний товар", "id": GOOD, "line": 18}
    ]


def test_id_of_a_guid_is_compared_in_any_case(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))

    talk.load("import0_2.xml", catalog(good(GOOD.upper(), "Болт")))

    assert Product.objects.get().name == "Болт"


def test_bases_do_not_share_ids(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))
    other = Talk(talk.client, make_node("erp")).start()

    other.load("import0_1.xml", catalog(good(name="Другой болт")))

    assert set(Product.objects.values_list("name", flat=True)) == {"Болт М8х40", "Другой болт"}


def test_property_type_change_projects_old_values_anew(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    as_text = PROPERTIES.replace("<ТипЗначений>Число</ТипЗначений>", "<ТипЗначений>Строка</ТипЗначений>")

    talk.load("import0_2.xml", catalog(good(), properties=as_text))
    texts = list(PropertyValue.objects.filter(property__name="Длина").values_list("raw", "number"))
    talk.load("import0_3.xml", catalog(good()))

    assert texts == [("40,5", None)] * 2
    assert (
        list(PropertyValue.objects.filter(property__name="Длина").values_list("raw", "number"))
        == [("40,5", Decimal("40.5"))] * 2
    )


def test_value_under_a_new_id_is_the_same_option_and_late_names_reach_old_values(talk: Talk) -> None:
    unnamed = PROPERTIES.replace("Сталь", "сталь оц.")
    talk.load("import0_1.xml", catalog(good(), properties=unnamed))

    talk.load("import0_2.xml", catalog(good(OTHER, "Гайка")))
    rekeyed = f"<ЗначенияСвойства><Ид>{MATERIAL}</Ид><Значение>{NEW_STEEL}</Значение></ЗначенияСвойства>"
    talk.load(
        "import0_3.xml",
        catalog(good("x-1", "Шайба", values=rekeyed), properties=PROPERTIES.replace(STEEL, NEW_STEEL)),
    )

    assert PropertyOption.objects.get().value == "Сталь"
    assert set(
        PropertyValue.objects.filter(property__name="Материал").values_list("text", "option__value")
    ) == {("Сталь", "Сталь")}


def test_value_that_does_not_fit_its_type_stays_a_text(talk: Talk) -> None:
    odd = (
        f"<ЗначенияСвойства><Ид>{LENGTH}</Ид><Значение>около 40</Значение>"
        "<Значение>1 234,5</Значение></ЗначенияСвойства>"
        f"<ЗначенияСвойства><Ид>{MATERIAL}</Ид><Значение>Латунь</Значение></ЗначенияСвойства>"
        "<ЗначенияСвойства><Ид>nobody</Ид><Значение>1</Значение></ЗначенияСвойства>"
        f"<ЗначенияСвойства><Ид>{LENGTH}</Ид><Значение></Значение></ЗначенияСвойства>"
    )
    talk.load("import0_1.xml", catalog(good(values=odd)))

    assert set(PropertyValue.objects.values_list("raw", "text", "number")) == {
        ("около 40", "около 40", None),
        ("1 234,5", "1 234,5", Decimal("1234.5")),
        ("Латунь", "Латунь", None),
    }
    assert talk.file("import0_1.xml").report["warnings"] == [
        {"text": "Неизвестное свойство: его значения ждут, пока оно придёт", "id": "nobody", "line": 8}
    ]


def test_value_no_longer_sent_is_removed(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))

    talk.load("import0_2.xml", catalog(good(values="")))

    assert PropertyValue.objects.count() == 0


def test_characteristics_as_goods_become_skus_of_one_product(talk: Talk) -> None:
    variants = [good(f"{GOOD}#{RED}", "Болт М8х40 (красный)"), good(f"{GOOD}#{BLUE}", "Болт М8х40 (синий)")]

    talk.load("import0_1.xml", catalog(*variants))
    talk.load("import0_2.xml", catalog(*variants))

    assert Product.objects.get().name == "Болт М8х40"
    assert list(Sku.objects.order_by("characteristic").values_list("characteristic", "is_hidden")) == [
        ("", True),
        ("красный", False),
        ("синий", False),
    ]
    assert "goods_changed" not in talk.file("import0_2.xml").report["counts"]


def test_last_characteristic_marked_deleted_is_hidden_alone(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(f"{GOOD}#{RED}", "Болт М8х40 (красный)")))

    talk.load("import0_2.xml", catalog(good(f"{GOOD}#{RED}", "Болт М8х40 (красный)", status="Удален")))

    assert not Product.objects.get().is_hidden
    assert Sku.objects.get(characteristic="красный").is_hidden


@pytest.mark.parametrize(
    ("unit", "code", "name"),
    [
        ("<БазоваяЕдиница>шт</БазоваяЕдиница>", "", "шт"),
        ('<БазоваяЕдиница Код="    "> </БазоваяЕдиница>', "", "ед"),
        ('<БазоваяЕдиница Код="00000055" НаименованиеПолное="Квадратный метр"/>', "", "Квадратный метр"),
        ('<БазоваяЕдиница Код="166" МеждународноеСокращение="-">кг</БазоваяЕдиница>', "166", "кг"),
        ("<БазоваяЕдиница>006</БазоваяЕдиница>", "006", "м"),
        ("", "", "ед"),
    ],
)
def test_unit_is_taken_however_1c_writes_it(talk: Talk, unit: str, code: str, name: str) -> None:
    record = f"<Товар><Ид>{GOOD}</Ид><Наименование>Болт</Наименование>{unit}</Товар>"

    talk.load("import0_1.xml", catalog(record))

    product = Product.objects.get()
    assert (product.unit.code, product.unit.name) == (code, name)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [("Без НДС", None), ("0", 0), ("5", 5), ("22%", 22), ("10,00", 10)],
)
def test_vat_rate_is_read_and_silence_keeps_the_known_one(
    talk: Talk, rate: str, expected: int | None
) -> None:
    tax = f"<СтавкаНалога><Наименование>НДС</Наименование><Ставка>{rate}</Ставка></СтавкаНалога>"
    tax = f"<СтавкиНалогов>{tax}</СтавкиНалогов>"
    record = f"<Товар><Ид>{GOOD}</Ид><Наименование>Болт</Наименование>{{}}</Товар>"

    talk.load("import0_1.xml", catalog(record.format(tax)))
    first = Product.objects.get().vat_percent
    talk.load("import0_2.xml", catalog(record.format("")))

    assert (first, Product.objects.get().vat_percent) == (expected, expected)


def test_new_good_without_vat_rate_is_warned_of(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(f"<Товар><Ид>{GOOD}</Ид><Наименование>Болт</Наименование></Товар>"))

    assert [warning["text"] for warning in talk.file("import0_1.xml").report["warnings"]] == [
        "Ставка НДС не указана: товар заведён без НДС"
    ]


def test_good_without_name_is_skipped_with_a_warning(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(f"<Товар><Ид>{GOOD}</Ид></Товар>", good(OTHER, "Гайка")))

    assert Product.objects.get().name == "Гайка"
    assert talk.file("import0_1.xml").report["warnings"] == [
        {"text": "Новый товар без наименования пропущен", "id": GOOD, "line": 8}
    ]


def test_warnings_are_capped_and_counted(talk: Talk) -> None:
    nameless = [f"<Товар><Ид>id-{number}</Ид></Товар>" for number in range(250)]

    talk.load("import0_1.xml", catalog(*nameless))

    report = talk.file("import0_1.xml").report
    assert (len(report["warnings"]), report["warnings_total"]) == (200, 250)


def test_unknown_elements_are_counted_not_fatal(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(extra="<НовыйЭлемент>1</НовыйЭлемент>"), good(OTHER, "Гайка")))

    assert [warning["text"] for warning in talk.file("import0_1.xml").report["warnings"]] == [
        "Неизвестный элемент НовыйЭлемент: 1"
    ]


def test_file_of_many_portions_loads_whole(talk: Talk) -> None:
    goods = [good(f"bd8c4e15-18f9-11e7-80c2-{number:012}", f"Гайка {number}") for number in range(1203)]

    talk.load("import0_1.xml", catalog(*goods, groups=GROUPS))

    assert Product.objects.count() == 1203
    assert PropertyValue.objects.count() == 2406
    assert talk.file("import0_1.xml").report["counts"]["goods_new"] == 1203


def details(**told: str) -> str:
    rows = "".join(
        f"<ЗначениеРеквизита><Наименование>{name}</Наименование><Значение>{value}</Значение></ЗначениеРеквизита>"
        for name, value in told.items()
    )
    return f"<ЗначенияРеквизитов>{rows}</ЗначенияРеквизитов>"


def sizes(product: Product) -> list[Decimal | None]:
    product.refresh_from_db()
    return [product.weight, product.volume, product.order_multiple]


def test_weight_volume_and_multiple_come_with_the_good(talk: Talk) -> None:
    told = details(Вес="0,085", Объём="0.0012", Кратность="5")
    talk.load("import0_1.xml", catalog(good(extra=told)))

    product = Product.objects.get()
    assert sizes(product) == [Decimal("0.085"), Decimal("0.0012"), Decimal(5)]

    talk.load("import0_1.xml", catalog(good(extra=details(Вес="0.1")), formed="2026-11-20T11:00:00"))

    # A multiple that 1C does not tell may have been set by an administrator: it stays.
    assert sizes(product) == [Decimal("0.1"), None, Decimal(5)]


@pytest.mark.parametrize("value", ["", "0", "-1", "много", "1e9", "999999.9999999", "0.0000001"])
def test_sizes_that_nobody_measured_are_none(talk: Talk, value: str) -> None:
    talk.load("import0_1.xml", catalog(good(extra=details(Вес=value, Объем=value, Кратность=value))))

    assert sizes(Product.objects.get()) == [None, None, None]
