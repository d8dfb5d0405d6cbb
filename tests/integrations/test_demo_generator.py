"""The demonstration export: believable, valid, the same every time."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from lxml import etree
from PIL import Image

from integrations.demo import __main__ as command
from integrations.demo.catalogue import Catalogue
from integrations.demo.generate import DemoSummary, generate
from integrations.demo.identity import ean13
from integrations.demo.kinds import KINDS
from integrations.demo.offers_file import write_offers_delta
from integrations.demo.options import DemoOptions
from integrations.demo.pictures import draw
from integrations.demo.trade import STOREHOUSES

NS = "{urn:1C.ru:commerceml_2}"
SMALL = DemoOptions(goods=130, portion=50)


@dataclass(frozen=True)
class Export:
    folder: Path
    summary: DemoSummary
    goods: list[etree._Element]
    offers: list[etree._Element]
    classifier: etree._Element


def parse(path: Path) -> etree._Element:
    return etree.parse(path, etree.XMLParser(resolve_entities=False)).getroot()


def found(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall("/".join(NS + step for step in path.split("/")))


def text(element: etree._Element, path: str) -> str:
    return element.findtext("/".join(NS + step for step in path.split("/")), "")


def texts(element: etree._Element, path: str) -> list[str]:
    return [each.text or "" for each in found(element, path)]


def portions(folder: Path, kind: str) -> list[etree._Element]:
    files = sorted(folder.glob(f"{kind}0_*.xml"), key=lambda path: int(path.stem.split("_")[1]))
    return [parse(path) for path in files]


def groups(element: etree._Element, depth: int = 1) -> Iterator[tuple[int, etree._Element]]:
    for group in found(element, "Группы/Группа"):
        yield depth, group
        yield from groups(group, depth + 1)


def digests(folder: Path) -> dict[str, str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): sha256(path.read_bytes()).hexdigest() for path in files}


def right_barcode(code: str) -> bool:
    odd, even = sum(map(int, code[0:12:2])), sum(map(int, code[1:12:2]))
    return len(code) == 13 and (odd + 3 * even + int(code[12])) % 10 == 0


@pytest.fixture(scope="module")
def usual(tmp_path_factory: pytest.TempPathFactory) -> Export:
    folder = tmp_path_factory.mktemp("usual")
    summary = generate(folder, DemoOptions(pictures=False))
    imports, offers = portions(folder, "import"), portions(folder, "offers")
    return Export(
        folder=folder,
        summary=summary,
        goods=[good for root in imports for good in found(root, "Каталог/Товары/Товар")],
        offers=[
            offer for root in offers for offer in found(root, "ПакетПредложений/Предложения/Предложение")
        ],
        classifier=found(imports[0], "Классификатор")[0],
    )


def test_export_repeats_byte_for_byte(tmp_path: Path) -> None:
    generate(tmp_path / "one", SMALL)
    generate(tmp_path / "two", SMALL)

    assert digests(tmp_path / "one") == digests(tmp_path / "two")


def test_export_of_another_seed_shares_no_good(tmp_path: Path) -> None:
    first = {good.guid for good in Catalogue(SMALL).goods()}
    second = {good.guid for good in Catalogue(DemoOptions(goods=130, seed=7)).goods()}

    assert (len(first), len(second), first & second) == (130, 130, set())


def test_export_keeps_goods_when_the_catalogue_grows() -> None:
    small = {good.guid: good.barcode for good in Catalogue(DemoOptions(goods=300)).goods()}
    large = {good.guid: good.barcode for good in Catalogue(DemoOptions(goods=6000)).goods()}

    assert {guid: large.get(guid) for guid in small} == small


def test_summary_tells_the_numbers_asked_for(usual: Export) -> None:
    expected = DemoSummary(
        sections=80,
        properties=150,
        price_types=5,
        warehouses=6,
        portions=3,
        goods=3000,
        offers=len(usual.offers),
        deleted=sum(good.get("Статус") == "Удален" for good in usual.goods),
    )

    assert usual.summary == expected
    assert len(usual.goods) == 3000


def test_portions_only_the_first_is_full_and_has_the_classifier(usual: Export) -> None:
    told = [
        (
            len(found(root, "Классификатор")),
            found(root, "Каталог")[0].get("СодержитТолькоИзменения"),
            len(found(root, "Каталог/Товары/Товар")),
        )
        for root in portions(usual.folder, "import")
    ]

    assert told == [(1, "false", 1000), (0, "true", 1000), (0, "true", 1000)]


def test_file_is_utf8_with_mark_version_and_date(tmp_path: Path) -> None:
    generate(
        tmp_path,
        DemoOptions(goods=5, pictures=False, formed_at=datetime.fromisoformat("2026-01-02T03:04:05")),
    )

    content = (tmp_path / "import0_1.xml").read_bytes()
    root = parse(tmp_path / "import0_1.xml")
    assert content.startswith(b"\xef\xbb\xbf<?xml version=")
    assert root.tag == f"{NS}КоммерческаяИнформация"
    assert dict(root.attrib) == {"ВерсияСхемы": "2.07", "ДатаФормирования": "2026-01-02T03:04:05"}


def test_sections_lie_in_three_levels_with_ids_of_their_own(usual: Export) -> None:
    nodes = list(groups(usual.classifier))

    assert len(nodes) == 80
    assert {depth for depth, _ in nodes} == {1, 2, 3}
    assert len({text(node, "Ид") for _, node in nodes}) == 80


def test_goods_lie_in_leaf_sections(usual: Export) -> None:
    leaves = {text(node, "Ид") for _, node in groups(usual.classifier) if not found(node, "Группы")}

    assert {text(good, "Группы/Ид") for good in usual.goods} == leaves


def test_properties_have_every_type_and_no_name_twice(usual: Export) -> None:
    entries = found(usual.classifier, "Свойства/Свойство")

    assert len({text(entry, "Наименование") for entry in entries}) == len(entries) == 150
    assert {text(entry, "ТипЗначений") for entry in entries} == {"Справочник", "Число", "Строка"}


def test_values_of_goods_fit_the_types_of_properties(usual: Export) -> None:
    variants = {
        text(entry, "Ид"): set(texts(entry, "ВариантыЗначений/Справочник/ИдЗначения"))
        for entry in found(usual.classifier, "Свойства/Свойство")
        if text(entry, "ТипЗначений") == "Справочник"
    }
    numbers = {
        text(entry, "Ид")
        for entry in found(usual.classifier, "Свойства/Свойство")
        if text(entry, "ТипЗначений") == "Число"
    }

    for good in usual.goods:
        values = [
            (text(value, "Ид"), text(value, "Значение"))
            for value in found(good, "ЗначенияСвойств/ЗначенияСвойства")
        ]
        assert 5 <= len(values) <= 12
        assert len(dict(values)) == len(values)
        assert all(value in variants[key] for key, value in values if key in variants)
        assert all(Decimal(value.replace(",", ".")).is_finite() for key, value in values if key in numbers)


def test_goods_have_names_articles_and_codes_of_their_own(usual: Export) -> None:
    for field in ("Ид", "Наименование", "Артикул", "Штрихкод"):
        assert len({text(good, field) for good in usual.goods}) == 3000
    assert max(len(text(good, "Наименование")) for good in usual.goods) <= 250
    assert [good for good in usual.goods if "{" in etree.tostring(good, encoding="unicode")] == []


@pytest.mark.parametrize(
    "name",
    [
        "Кабель силовой ВВГнг(А)-LS 3х2,5",
        "Болт DIN 933 М8х40 оц.",
        "Труба PPR SDR 6 25х4,2 PN20",
        "Автоматический выключатель ВА47-29 1P 16А C Вольтанис",
    ],
)
def test_trade_names_are_on_sale(usual: Export, name: str) -> None:
    assert [text(good, "Наименование") for good in usual.goods].count(name) == 1


def test_barcodes_have_right_check_digits(usual: Export) -> None:
    codes = [text(each, "Штрихкод") for each in (*usual.goods, *usual.offers)]

    assert [code for code in codes if not right_barcode(code)] == []


def test_ean13_agrees_with_a_known_barcode_and_refuses_rubbish() -> None:
    assert ean13("400638133393") == "4006381333931"
    with pytest.raises(ValueError, match="Нужно 12 цифр"):
        ean13("40063813339")


def test_offers_belong_to_goods_that_are_not_deleted(usual: Export) -> None:
    alive = {text(good, "Ид") for good in usual.goods if good.get("Статус") != "Удален"}

    assert {text(offer, "Ид").partition("#")[0] for offer in usual.offers} == alive
    assert len({text(offer, "Ид") for offer in usual.offers}) == len(usual.offers)


def test_offers_with_characteristics_name_them(usual: Export) -> None:
    coloured = [offer for offer in usual.offers if "#" in text(offer, "Ид")]

    assert 0 < len(coloured) < len(usual.offers)
    for offer in coloured:
        value = text(offer, "ХарактеристикиТовара/ХарактеристикаТовара/Значение")
        assert text(offer, "Наименование").endswith(f" ({value})")


def test_price_types_and_warehouses_are_named_in_every_package(usual: Export) -> None:
    levels = ["Розничная", "Мелкий опт", "Опт", "Крупный опт", "Закупочная"]

    for root in portions(usual.folder, "offers"):
        assert texts(root, "ПакетПредложений/ТипыЦен/ТипЦены/Наименование") == levels
        assert texts(root, "ПакетПредложений/Склады/Склад/Наименование") == [
            house.name for house in STOREHOUSES
        ]


def test_prices_fall_from_retail_to_purchase(usual: Export) -> None:
    free = 0
    for offer in usual.offers:
        prices = [Decimal(price) for price in texts(offer, "Цены/Цена/ЦенаЗаЕдиницу")]
        assert len(prices) == 5
        assert prices == sorted(prices, reverse=True)
        free += not any(prices)
        assert all(prices) or not any(prices)

    assert 0 < free < len(usual.offers) // 20


def test_stock_adds_up_and_some_is_sold_out(usual: Export) -> None:
    totals = []
    for offer in usual.offers:
        rows = [Decimal(row.get("КоличествоНаСкладе", "")) for row in found(offer, "Склад")]
        totals.append(sum(rows))
        assert len(rows) == 6
        assert sum(rows) == Decimal(text(offer, "Количество"))

    assert 0 < totals.count(Decimal(0)) < len(totals) // 10


def test_some_sections_are_sold_in_some_cities_only() -> None:
    cities: dict[str, set[str]] = {}
    for good in Catalogue(DemoOptions()).goods():
        for offer in good.offers:
            kept = {house.city for house, stock in zip(STOREHOUSES, offer.stocks, strict=True) if stock}
            cities.setdefault(good.section, set()).update(kept)

    assert {len(found) for found in cities.values()} >= {2, 4}
    assert set.union(*cities.values()) == {"Москва", "Санкт-Петербург", "Екатеринбург", "Краснодар"}


def test_vat_rates_are_the_usual_one_the_reduced_one_and_none(usual: Export) -> None:
    rates = {text(good, "СтавкиНалогов/СтавкаНалога/Ставка") for good in usual.goods}

    assert rates == {"22", "10", "Без НДС"}


def test_units_are_of_the_national_classifier_with_packs(usual: Export) -> None:
    units = {found(good, "БазоваяЕдиница")[0].get("Код") for good in usual.goods}
    bolt = next(good for good in usual.goods if text(good, "Наименование") == "Болт DIN 933 М8х40 оц.")

    assert units == {"796 ", "006 ", "778 ", "166 ", "839 "}
    assert texts(bolt, "БазоваяЕдиница/Пересчет/Единица") == ["796", "778"]
    assert texts(bolt, "БазоваяЕдиница/Пересчет/Коэффициент") == ["1", "100"]


def test_pictures_lie_where_goods_say(tmp_path: Path) -> None:
    summary = generate(tmp_path, SMALL)

    told = [
        path for root in portions(tmp_path, "import") for path in texts(root, "Каталог/Товары/Товар/Картинка")
    ]
    lying = sorted(str(path.relative_to(tmp_path)) for path in tmp_path.glob("import_files/*/*.png"))
    assert sorted(told) == lying
    assert len(told) == summary.pictures > 100


def test_every_kind_and_variant_can_be_drawn() -> None:
    drawings = {kind.picture.format_map(kind.texts(cell)) for kind in KINDS for cell in kind.cells}

    for drawing in sorted(drawings):
        picture = Image.open(BytesIO(draw(drawing)))
        assert (picture.format, picture.size) == ("PNG", (480, 480))


def test_large_catalogue_has_the_sections_and_properties_asked_for() -> None:
    catalogue = Catalogue(DemoOptions(sections=400, properties=1200))

    sections = [node for root in catalogue.sections.roots for node in root.walk()]
    assert len({node.guid for node in sections}) == len(sections) == len(catalogue.sections) == 400
    assert len(catalogue.properties.entries) == 1200


@pytest.mark.parametrize(
    ("options", "reason"),
    [
        (DemoOptions(sections=79), "Разделов может быть от 80"),
        (DemoOptions(properties=20), "Свойств может быть от"),
        (DemoOptions(goods=10_000_000), "Товаров может быть от 1"),
    ],
)
def test_export_refuses_numbers_without_room(tmp_path: Path, options: DemoOptions, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        generate(tmp_path, options)


def test_changes_list_offers_with_stock_of_the_listed_warehouses(tmp_path: Path) -> None:
    catalogue = Catalogue(SMALL)
    at = datetime.fromisoformat("2026-11-24T07:00:00")

    changed = write_offers_delta(tmp_path / "offers0_9.xml", catalogue, formed_at=at, percent=40)

    rows = found(parse(tmp_path / "offers0_9.xml"), "ИзмененияПакетаПредложений/Предложения/Предложение")
    known = {(good.guid, offer.characteristic_guid) for good in catalogue.goods() for offer in good.offers}
    assert len(rows) == changed > 20
    assert {(text(row, "Ид"), text(row, "ИдХарактеристики")) for row in rows} <= known
    for row in rows:
        stocks = [Decimal(house.get("КоличествоНаСкладе", "")) for house in found(row, "Склады")]
        assert all(stocks)
        assert Decimal(text(row, "Количество")) == sum(stocks)
    assert {len(found(row, "Цены/Цена")) for row in rows} == {0, 5}


def test_command_prints_what_was_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = command.main(["--out", str(tmp_path), "--goods", "64", "--no-pictures", "--portion", "40"])

    assert code == 0
    assert [line.strip() for line in capsys.readouterr().out.splitlines()][1:3] == [
        "разделов 80, свойств 150, типов цен 5, складов 6",
        f"товаров 64 (удалённых {_deleted(64)}), предложений {_offers(64)}",
    ]
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "import0_1.xml",
        "import0_2.xml",
        "offers0_1.xml",
        "offers0_2.xml",
    ]


def test_command_refuses_in_words(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as exit_info:
        command.main(["--out", str(tmp_path), "--sections", "5"])

    assert exit_info.value.code == 2
    assert "Разделов может быть от 80 до 460" in capsys.readouterr().err


def _deleted(goods: int) -> int:
    return sum(good.deleted for good in Catalogue(DemoOptions(goods=goods)).goods())


def _offers(goods: int) -> int:
    return sum(len(good.offers) for good in Catalogue(DemoOptions(goods=goods)).goods() if not good.deleted)
