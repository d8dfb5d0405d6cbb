"""What comes again as it was is left alone, and only then: any trace of a change has it loaded again."""

from collections.abc import Callable
from decimal import Decimal
from pathlib import Path

import pytest
from django.utils import timezone

from catalog.models import (
    Brand,
    Pack,
    Picture,
    Product,
    ProductSection,
    Property,
    PropertyOption,
    PropertyValue,
    Section,
    Sku,
    Stock,
    Unit,
    Warehouse,
)
from integrations.models import ExternalId, PendingTerm, SeenGood, ToldElement
from integrations.onec.loading import file as loading
from integrations.onec.loading import told
from integrations.onec.loading.goods import GoodsLoader
from integrations.onec.loading.offers import OffersLoader
from integrations.onec.reading.blocks import blocks_of
from integrations.onec.reading.file import CommerceFile
from integrations.onec.reading.records import GoodRecord, OfferRecord
from portal.lib import sorting
from pricing.models import Price, PriceType
from tests.factories import AT
from tests.integrations.onec_talk import (
    BLUE,
    CHILD,
    GOOD,
    MOSCOW,
    OTHER,
    RED,
    RETAIL,
    Talk,
    catalog,
    changes,
    good,
    offer,
    package,
    price,
    rest,
    root,
)

pytestmark = pytest.mark.django_db

LATER = "2026-11-22T10:00:00"
PNG = b"\x89PNG\r\n\x1a\n" + bytes(64)
Content = list[list[dict[str, object]]]


@pytest.fixture
def loaded(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Ids of the goods and offers that were really loaded, in their order."""
    ids: list[str] = []
    goods_load, offers_load = GoodsLoader.load, OffersLoader.load

    def load_goods(self: GoodsLoader, records: list[GoodRecord]) -> None:
        ids.extend(record.product_id for record in records)
        goods_load(self, records)

    def load_offers(self: OffersLoader, records: list[OfferRecord]) -> None:
        ids.extend(record.characteristic_id or record.product_id for record in records)
        offers_load(self, records)

    monkeypatch.setattr(GoodsLoader, "load", load_goods)
    monkeypatch.setattr(OffersLoader, "load", load_offers)
    return ids


def content() -> Content:
    """All rows that goods and offers write, without the keys of those that may come anew."""
    return [
        list(Product.objects.order_by("pk").values("pk", "name", "description", "brand__name", "unit__name")),
        list(Product.objects.order_by("pk").values("pk", "vat_percent", "is_hidden", "weight", "kind")),
        list(ProductSection.objects.order_by("product", "section").values("product", "section")),
        list(Pack.objects.order_by("product", "coefficient").values("product", "unit", "coefficient")),
        list(
            PropertyValue.objects.order_by("product", "property").values(
                "product", "property", "raw", "option", "text", "number"
            )
        ),
        list(Sku.objects.order_by("pk").values()),
        list(Price.objects.order_by("sku", "price_type").values("sku", "price_type", "amount")),
        list(
            Stock.objects.order_by("sku", "warehouse").values(
                "sku", "warehouse", "free", "expected", "expected_date"
            )
        ),
    ]


def test_goods_that_come_again_in_a_newer_file_are_left_alone_and_counted(
    talk: Talk, loaded: list[str]
) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка", status="Удален")))
    first, before = talk.file("import0_1.xml").report["counts"], content()
    loaded.clear()

    talk.load("import0_2.xml", catalog(good(), good(OTHER, "Гайка", status="Удален"), formed=LATER))

    assert loaded == []
    assert talk.file("import0_2.xml").report["counts"] == {
        name: first[name] for name in ("sections", "properties", "goods", "goods_hidden")
    }
    assert content() == before


def test_only_the_good_that_differs_is_loaded(talk: Talk, loaded: list[str]) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    loaded.clear()

    talk.load("import0_2.xml", catalog(good(), good(OTHER, "Гайка М8"), formed=LATER))

    assert loaded == [OTHER]
    assert list(Product.objects.order_by("pk").values_list("name", flat=True)) == ["Болт М8х40", "Гайка М8"]


def test_good_of_another_encoding_is_loaded_once_and_then_left_alone(talk: Talk, loaded: list[str]) -> None:
    body = catalog(good()).replace('encoding="UTF-8"', 'encoding="windows-1251"').encode("windows-1251")
    talk.load("import0_1.xml", body)
    talk.load("import0_2.xml", body)

    assert loaded == [GOOD]


def _option_renamed() -> None:
    PropertyOption.objects.update(value="Сталь 3")


def _retyped() -> None:
    Property.objects.filter(name="Длина").update(value_type="text")


def _moved() -> None:
    ProductSection.objects.update(section=Section.objects.get(name="Крепёж"))


GOOD_CHANGES: dict[str, Callable[[], object]] = {
    "name": lambda: Product.objects.update(name="Болт"),
    "description": lambda: Product.objects.update(description="сам написал"),
    "hidden": lambda: Product.objects.update(is_hidden=True),
    "vat": lambda: Product.objects.update(vat_percent=10),
    "brand": lambda: Product.objects.update(brand=None),
    "unit": lambda: Product.objects.update(unit=Unit.objects.create(name="кг")),
    "unit renamed": lambda: Unit.objects.filter(code="796").update(name="штука"),
    "brand renamed": lambda: Brand.objects.update(normalized_name="другой"),
    "value": lambda: PropertyValue.objects.filter(number__isnull=False).update(number=1),
    "value gone": lambda: PropertyValue.objects.filter(option__isnull=False).delete(),
    "option renamed": _option_renamed,
    "property retyped": _retyped,
    "place": _moved,
    "place gone": lambda: ProductSection.objects.all().delete(),
    "pack": lambda: Pack.objects.update(coefficient=7),
    "pack gone": lambda: Pack.objects.all().delete(),
    "article of the sku": lambda: Sku.objects.update(article="A"),
}


@pytest.mark.parametrize("change", GOOD_CHANGES)
def test_good_whose_rows_were_changed_is_loaded_again(talk: Talk, loaded: list[str], change: str) -> None:
    talk.load("import0_1.xml", catalog(good()))
    loaded.clear()
    GOOD_CHANGES[change]()

    talk.load("import0_2.xml", catalog(good(), groups="", properties=""))

    assert loaded == [GOOD]


def test_good_whose_row_was_deleted_is_made_anew(talk: Talk) -> None:
    body = catalog(good())
    talk.load("import0_1.xml", body)
    Product.objects.all().delete()

    talk.load("import0_2.xml", body)

    assert Product.objects.get().name == "Болт М8х40"
    assert PropertyValue.objects.count() == 2


OFFER_CHANGES: dict[str, Callable[[], object]] = {
    "price": lambda: Price.objects.update(amount=Decimal(1)),
    "price gone": lambda: Price.objects.all().delete(),
    "price more": lambda: Price.objects.create(
        sku=Sku.objects.get(), price_type=PriceType.objects.get(name="Розничная"), amount=5, updated_at=AT
    ),
    "currency": lambda: PriceType.objects.filter(name="Розничная").update(currency="USD"),
    "stock": lambda: Stock.objects.filter(warehouse__name="Казань").update(free=77),
    "stock gone": lambda: Stock.objects.filter(warehouse__name="Казань").delete(),
    "sku hidden": lambda: Sku.objects.update(is_hidden=True),
    "warehouse renamed": lambda: Warehouse.objects.filter(name="Казань").update(name="Склад 2"),
    "price type mapped": lambda: ExternalId.objects.filter(external_id=RETAIL).update(
        object_id=PriceType.objects.create(name="Ещё одна", currency="RUB").pk
    ),
}


@pytest.mark.parametrize("change", OFFER_CHANGES)
def test_offer_whose_rows_were_changed_is_loaded_again(talk: Talk, loaded: list[str], change: str) -> None:
    talk.load("import0_1.xml", catalog(good()))
    told = offer()
    talk.load("offers0_1.xml", package(told))
    before = content()
    loaded.clear()
    OFFER_CHANGES[change]()

    talk.load("offers0_2.xml", package(told, types="", warehouses="", formed=LATER))

    assert loaded == [GOOD]
    assert content()[-2:] == before[-2:]


def test_offers_that_come_again_are_left_alone_with_their_price_types_before_them(
    talk: Talk, loaded: list[str]
) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    told = [offer(), offer(OTHER, name="Гайка")]
    talk.load("offers0_1.xml", package(*told))
    loaded.clear()

    talk.load("offers0_2.xml", package(*told, formed=LATER))
    left = list(loaded)
    talk.load("offers0_3.xml", package(told[0], offer(OTHER, name="Гайка", rests=rest(MOSCOW, "3"))))

    assert left == []
    assert talk.file("offers0_2.xml").report["counts"] == {"offers": 2}
    assert loaded == [OTHER]
    assert talk.file("offers0_3.xml").report["counts"]["offers"] == 2


def test_price_type_that_changes_before_the_offers_has_them_loaded(talk: Talk, loaded: list[str]) -> None:
    talk.load("import0_1.xml", catalog(good()))
    body = package(offer())
    talk.load("offers0_1.xml", body)
    loaded.clear()

    talk.load("offers0_2.xml", body.replace("<Валюта>руб</Валюта>", "<Валюта>USD</Валюта>"))

    assert loaded == [GOOD]
    assert talk.file("offers0_2.xml").report["warnings_total"] == 1


def test_offers_of_one_good_are_loaded_together(talk: Talk, loaded: list[str]) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    red = offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)")
    blue = offer(f"{GOOD}#{BLUE}", name="Болт М8х40 (синий)")
    other = offer(OTHER, name="Гайка")
    talk.load("offers0_1.xml", package(red, blue, other))
    loaded.clear()

    talk.load("offers0_2.xml", package(red, blue.replace("10.50", "11.50"), other))

    assert loaded == [RED, BLUE]


def test_offer_that_an_older_file_told_in_vain_is_not_taken_for_loaded(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good()))
    old, new = offer(), offer(prices=price("12"))
    talk.load("offers0_1.xml", package(new, formed="2026-11-22T10:00:00"))
    talk.load("offers0_2.xml", package(old, formed="2026-11-21T10:00:00"))
    between = Price.objects.get().amount

    talk.load("offers0_3.xml", package(old, formed="2026-11-23T10:00:00"))

    assert between == 12
    assert Price.objects.get().amount == Decimal("10.50")


def test_offers_told_by_several_files_are_not_kept(talk: Talk) -> None:
    talk.load("import0_1.xml", catalog(good(), good(OTHER, "Гайка")))
    body = package(offer(prices="-"), offer(OTHER, name="Гайка"))

    talk.load("offers0_1.xml", body.replace('ВерсияСхемы="2.07"', 'ВерсияСхемы="3.1"'))

    kept = ToldElement.objects.filter(kind="sku").values_list("object_id", flat=True)
    assert list(kept) == [Sku.objects.get(product__name="Гайка").pk]


def test_id_that_comes_twice_is_loaded_and_warned_of_each_time(talk: Talk, loaded: list[str]) -> None:
    body = catalog(good(name="Болт"), good())
    talk.load("import0_1.xml", body)
    loaded.clear()

    talk.load("import0_2.xml", body)

    assert loaded == [GOOD, GOOD]
    assert talk.file("import0_2.xml").report["warnings_total"] == 1


@pytest.mark.parametrize(
    "told",
    [
        good(extra="<Неведомое>1</Неведомое>"),
        good(values="<ЗначенияСвойства><Ид>неведомое</Ид><Значение>1</Значение></ЗначенияСвойства>"),
        good(group="неведомая"),
    ],
    ids=["element", "property", "group"],
)
def test_what_is_warned_of_is_warned_of_again(talk: Talk, told: str) -> None:
    talk.load("import0_1.xml", catalog(told))

    talk.load("import0_2.xml", catalog(told))

    warned = [talk.file(name).report["warnings"] for name in ("import0_1.xml", "import0_2.xml")]
    assert warned[0] == warned[1]
    assert len(warned[0]) == 1
    assert not ToldElement.objects.exists()


def test_group_that_a_good_no_longer_names_is_not_waited_for(talk: Talk, loaded: list[str]) -> None:
    first = catalog(good())
    talk.load("import0_1.xml", first)
    group = f"<Ид>{CHILD}</Ид></Группы>"
    talk.load("import0_2.xml", first.replace(group, f"<Ид>неведомая</Ид>{group}"))
    waiting = PendingTerm.objects.count()

    talk.load("import0_3.xml", first)

    assert loaded == [GOOD, GOOD, GOOD]
    assert (waiting, PendingTerm.objects.count()) == (1, 0)


def test_other_code_has_everything_loaded_again(
    talk: Talk, loaded: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    body = catalog(good())
    talk.load("import0_1.xml", body)
    monkeypatch.setattr(told, "_RULES", b"other")

    talk.load("import0_2.xml", body)

    assert loaded == [GOOD, GOOD]


@pytest.mark.parametrize("changed", [sorting.__file__, told.__file__, "nh3"])
def test_rules_follow_all_code_that_makes_rows(changed: str, monkeypatch: pytest.MonkeyPatch) -> None:
    before, read = told.rules(), Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda path: read(path) + b"#" * (str(path) == changed))
    if changed == "nh3":
        monkeypatch.setattr(told, "version", str)

    assert told.rules() != before


def _hidden_by_hand() -> None:
    product = Product.objects.get()
    product.is_hidden = True
    product.save()


def _price_of_another_base() -> None:
    Price.objects.update(amount=1, updated_at=timezone.now())


MEANWHILE: dict[str, Callable[[], object]] = {
    "hidden by hand": _hidden_by_hand,
    "price of another base": _price_of_another_base,
    "shipped": lambda: Stock.objects.update(free=3),
    "stock where 1C has none": lambda: Stock.objects.create(
        sku=Sku.objects.get(), warehouse=Warehouse.objects.get(name="Казань"), free=5, updated_at=AT
    ),
}


@pytest.mark.parametrize("change", MEANWHILE)
def test_what_was_changed_during_the_load_is_not_taken_for_told(
    talk: Talk, loaded: list[str], monkeypatch: pytest.MonkeyPatch, change: str
) -> None:
    is_good = change == "hidden by hand"
    body = catalog(good()) if is_good else package(offer(rests=rest(MOSCOW, "10")))
    talk.load("import0_1.xml", catalog(good(brand="Другой")))
    finish = OffersLoader.finish

    def finish_late(self: OffersLoader) -> None:
        finish(self)
        MEANWHILE[change]()

    with monkeypatch.context() as patch:
        patch.setattr(OffersLoader, "finish", finish_late)
        talk.load("import0_2.xml", body)
    loaded.clear()

    talk.load("import0_3.xml", body)

    assert loaded == [GOOD]
    assert not Product.objects.get().is_hidden
    if not is_good:
        assert Price.objects.get().amount == Decimal("10.50")
        assert list(Stock.objects.exclude(free=0).values_list("free", flat=True)) == [10]


def test_good_as_such_is_shown_again_when_its_offers_came_in_two_portions(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PORTION", 1)
    talk.load("import0_1.xml", catalog(good()))
    red = offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)")
    base = offer(extra="<ПометкаУдаления>false</ПометкаУдаления>")
    talk.load("offers0_1.xml", package(base, red))
    gone = package(base, red.replace("</Ид>", "</Ид><ПометкаУдаления>true</ПометкаУдаления>", 1))
    talk.load("offers0_2.xml", gone)

    talk.load("offers0_3.xml", gone)

    assert not Sku.objects.get(characteristic="").is_hidden


def test_lines_of_warnings_stay_right_behind_goods_that_are_left_alone(talk: Talk) -> None:
    strange = good(OTHER, "Гайка", group="неведомая")
    talk.load("import0_1.xml", catalog(good(), strange))
    first = talk.file("import0_1.xml").report["warnings"]

    talk.load("import0_2.xml", catalog(good(), strange))

    assert talk.file("import0_2.xml").report["warnings"] == first
    assert first[0]["line"] > 10


def test_goods_left_alone_count_as_seen(talk: Talk) -> None:
    talk.node.is_missing_hidden = True
    talk.node.save()
    body = catalog(good())
    talk.load("import0_1.xml", body)
    before = SeenGood.objects.get()

    talk.load("import0_2.xml", body)

    after = SeenGood.objects.get()
    assert after.catalog_external_id == before.catalog_external_id == "cat"
    assert after.seen_at > before.seen_at


def test_breaker_compares_with_all_that_the_file_tells(talk: Talk) -> None:
    """One price and one stock of four move: a quarter, not all of what was loaded."""
    ids = [f"bd8c4e15-18f9-11e7-80c2-{number:012}" for number in range(4)]
    talk.node.breaker_rows, talk.node.price_share_limit = 1, 25
    talk.node.save()
    talk.load("import0_1.xml", catalog(*(good(pk, f"Болт {pk}") for pk in ids)))
    told = [offer(pk, name=f"Болт {pk}") for pk in ids]
    talk.load("offers0_1.xml", package(*told))

    moved = offer(ids[3], name=f"Болт {ids[3]}", prices=price("99"), rests="", quantity="0")
    answer = talk.load("offers0_2.xml", package(*told[:3], moved, formed=LATER))

    assert answer.startswith("success\noffers0_2.xml: предложений: 4")
    assert Price.objects.filter(amount=99).count() == 1


def test_picture_that_comes_again_with_another_content_is_taken(talk: Talk, loaded: list[str]) -> None:
    told = catalog(good(extra="<Картинка>import_files/a.png</Картинка>"))
    talk.post("import_files/a.png", PNG)
    talk.load("import0_1.xml", told)
    talk.load("import0_2.xml", told.replace("2026-11-20", "2026-11-21"))
    with_picture = list(loaded)
    again = Talk(talk.client, talk.node).start()

    again.load("import0_1.xml", told)
    left = list(loaded)
    third = Talk(talk.client, talk.node).start()
    third.post("import_files/a.png", PNG + b"2")
    third.load("import0_1.xml", told)

    assert with_picture == [GOOD, GOOD]  # the picture lies in the same session
    assert left == with_picture
    assert loaded == [*left, GOOD]
    assert Picture.objects.get().file.size == len(PNG) + 1


# --- the file as bytes ------------------------------------------------------------------------------
def found(tmp_path: Path, text: str) -> list[str] | None:
    path = tmp_path / "import.xml"
    path.write_text(text, encoding="utf-8")
    told = blocks_of(path, name="import.xml", salt=b"1")
    return None if told is None else [block.key for block in told.blocks]


def test_blocks_are_the_goods_of_the_file(tmp_path: Path) -> None:
    assert found(tmp_path, catalog(good(), good(OTHER, status="Удален"))) == [GOOD, OTHER]
    assert found(tmp_path, package(offer(), offer(f"{GOOD.upper()}#{RED}"))) == [GOOD, f"{GOOD}#{RED}"]
    assert found(tmp_path, catalog(good(extra="<Описание>a\x01b</Описание>"))) == [GOOD]


@pytest.mark.parametrize(
    "text",
    [
        catalog(),
        changes(offer()),
        catalog(good(extra="<!-- -->")),
        catalog(good(extra="<Описание><![CDATA[x]]></Описание>")),
        catalog(good(extra=f"<Комплектующие>{good(OTHER)}</Комплектующие>")),
        catalog(good(), "<Товар><Наименование>Без ид</Наименование></Товар>"),
        catalog(good(), '<Товар Путь="a/b"><Ид>1</Ид></Товар>'),
        catalog(good(), f"<x/>{good(OTHER)}"),
        catalog(good()).replace("</Каталог>", f"<Товары>{good(OTHER)}</Товары></Каталог>"),
        catalog(good()).replace("</Каталог>", "</Каталог><Документ><Ид>1</Ид></Документ>"),
        catalog(good()).replace("Товар", "c:Товар"),
        root(catalog(good()).partition("?>")[2] + package(offer()).partition("?>")[2]),
        catalog(good())[:-120],
        catalog(good()).replace("</Каталог>", "</Каталог><Каталог><Ид>2</Ид><Товары/></Каталог>"),
        catalog(good()).replace("<Каталог ", "<Каталог><Ид>2</Ид><Товары></Товары></Каталог><Каталог "),
        package(offer()).replace("</ПакетПредложений>", "<Предложения/></ПакетПредложений>"),
        catalog(good(extra="<\x01!-- -->")),
        catalog(good(extra="<?one </Товар>?>")),
        catalog(good(extra="<Описа\x02ние>x</Описание>")),
        catalog(good("1\x032")),
    ],
    ids=[
        "none", "changes", "comment", "cdata", "nested", "nameless", "attribute", "foreign", "two lists",
        "document", "prefix", "goods and offers", "cut",
        "empty list behind", "empty list before", "empty offers", "hidden comment", "instruction",
        "control in a tag", "control in an id",
    ],
)  # fmt: skip
def test_file_that_bytes_do_not_explain_is_read_whole(tmp_path: Path, text: str) -> None:
    assert found(tmp_path, text) is None


def test_places_left_out_leave_the_rest_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "import.xml"
    path.write_text(catalog(good(), good(OTHER, "Гайка"), good(RED, "Шайба")), encoding="utf-8")
    told = blocks_of(path, name="import.xml", salt=b"1")
    assert told is not None
    whole = list(CommerceFile(path, name="import.xml").records())

    place = told.blocks[1]
    rest_of_it = CommerceFile(path, name="import.xml", without=[(place.start, place.end, place.lines)])

    assert list(rest_of_it.records()) == [
        record for record in whole if getattr(record, "product_id", "") != OTHER
    ]
