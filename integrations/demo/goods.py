"""The goods of the demonstration: a stream in constant memory, the same for the same seed."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from integrations.demo.assortment import Slot
from integrations.demo.brands import BRANDS, LINE_CODES, LINE_MARKUPS, LINES, Brand
from integrations.demo.identity import Noise, ean13, guid
from integrations.demo.kind import Kind, Sizes
from integrations.demo.options import DemoOptions
from integrations.demo.properties import PropertyBook
from integrations.demo.sections import SectionTree
from integrations.demo.trade import UNITS, PriceLevel, Storehouse, price_levels, storehouses

_DROPPED = '«»"°²() ьъ'
_LATIN = (
    str.maketrans("абвгдезийклмнопрстуфхыэё,/:", "ABVGDEZIJKLMNOPRSTUFXYEE...", _DROPPED)
    | str.maketrans({"ж": "ZH", "ц": "C", "ч": "CH", "ш": "SH", "щ": "SCH", "ю": "YU", "я": "YA"})
)  # fmt: skip
_PACKED = {"778": "В упаковке", "796": "Поставляется отрезками по", "839": "В коробке"}
_KOPECK = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Offer:
    """What is ordered: a good or one of its characteristics, with prices and stock.

    `prices` follow the price levels (RUB with VAT per base unit), `stocks` the storehouses (base units).
    """

    characteristic_guid: str
    characteristic: str
    barcode: str
    prices: tuple[Decimal, ...]
    stocks: tuple[Decimal, ...]

    def repriced(self, factor: Decimal) -> "Offer":
        """Return the offer at prices multiplied by the factor."""
        prices = tuple((price * factor).quantize(_KOPECK, ROUND_HALF_UP) for price in self.prices)
        return replace(self, prices=prices)


@dataclass(frozen=True, slots=True)
class Good:
    """One good of the export with its offers."""

    guid: str
    code: str
    article: str
    barcode: str
    name: str
    full_name: str
    description: str
    kind: Kind
    section: str
    brand: str
    maker_guid: str
    drawing: str
    values: tuple[tuple[str, str], ...]
    weight: Decimal
    deleted: bool
    offers: tuple[Offer, ...]


class GoodsMaker:
    """Turns slots of the assortment into goods."""

    def __init__(self, options: DemoOptions, sections: SectionTree, book: PropertyBook) -> None:
        self._seed = options.seed
        self._levels = price_levels(options.price_levels)
        self._storehouses = storehouses(options.storehouses)
        self._sections = sections
        self._book = book

    def good(self, slot: Slot, code: int) -> Good:
        """Describe the good of a slot; `code` is its running number in 1C."""
        kind, brand = slot.kind, BRANDS[slot.brand]
        cell = dict(slot.cell)
        key = (kind.key, *cell.values(), slot.brand, str(slot.line))
        texts = {**kind.texts(cell), "brand": brand.name, "line": LINES[slot.line], "country": brand.country}
        noise = Noise(str(self._seed), "good", *key)
        name = _name(kind, texts, slot)
        deleted, priceless, soldout = noise.below(200) == 0, noise.below(90) == 0, noise.below(25) == 0
        good_guid = guid(self._seed, "good", *key)
        prices = _prices(self._levels, kind, texts, brand, slot.line, noise, free=priceless)
        return Good(
            guid=good_guid,
            code=f"ДЭ-{code:08d}",
            article=_article(kind, cell, brand, slot.line),
            barcode=ean13(f"29{slot.number:08d}00"),
            name=name,
            full_name=f"{name}, {brand.name}" if brand.name not in name else name,
            description=_description(kind, texts, name),
            kind=kind,
            section=self._sections.section_of(kind, cell),
            brand=brand.name,
            maker_guid=guid(self._seed, "maker", brand.name),
            drawing="" if noise.below(8) == 0 else kind.picture.format_map(texts),
            values=tuple(self._book.values_of(kind, texts, Noise(str(self._seed), "values", *key))),
            weight=kind.weight(Sizes(texts)).quantize(Decimal("0.001"), ROUND_HALF_UP),
            deleted=deleted,
            offers=tuple(self._offers(slot, good_guid, prices, soldout=soldout)),
        )

    def _offers(
        self, slot: Slot, good_guid: str, prices: tuple[Decimal, ...], *, soldout: bool
    ) -> Iterator[Offer]:
        characteristic = slot.kind.characteristic
        values = characteristic.values if characteristic else ("",)
        for place, value in enumerate(values, start=1 if characteristic else 0):
            noise = Noise(str(self._seed), "stock", good_guid, value)
            yield Offer(
                characteristic_guid=guid(self._seed, "characteristic", good_guid, value) if value else "",
                characteristic=value,
                barcode=ean13(f"29{slot.number:08d}{place:02d}"),
                prices=prices,
                stocks=stocks(slot.kind, noise, self._storehouses, soldout=soldout),
            )


def stocks(
    kind: Kind, noise: Noise, houses: tuple[Storehouse, ...], *, soldout: bool = False
) -> tuple[Decimal, ...]:
    """Draw the stock of every warehouse; a kind is kept only in some of them, and not every size is."""
    amounts = []
    for house in houses:
        share, missing = noise.between(5, 160), noise.percent(18)
        kept = not soldout and not missing and (not kind.warehouses or house.key in kind.warehouses)
        amount = Decimal(kind.stock * house.depth * share // 10000) if kept else Decimal(0)
        if kind.unit == "006":
            amount = amount // 10 * 10
        elif kind.unit == "166":
            amount += Decimal(noise.below(40)) / 8 if amount else 0
        amounts.append(amount)
    return tuple(amounts)


def _name(kind: Kind, texts: Mapping[str, str], slot: Slot) -> str:
    maker = f"{slot.brand} {LINES[slot.line]}" if kind.branded or slot.turn else ""
    return " ".join(f"{kind.name.format_map(texts)} {maker}".split())


def _article(kind: Kind, cell: Mapping[str, str], brand: Brand, line: int) -> str:
    sizes = [value.lower().translate(_LATIN).upper().strip("-")[:14] for value in cell.values()]
    return "-".join(part for part in (brand.code + LINE_CODES[line], kind.code, *sizes) if part)


def _description(kind: Kind, texts: Mapping[str, str], name: str) -> str:
    sentences = [f"{kind.about.format_map(texts)}", f"Производитель: {texts['brand']} ({texts['country']})."]
    if kind.packs and kind.unit != "166":
        unit, count = kind.packs[0]
        sentences.append(f"{_PACKED[unit]} {count} {UNITS[kind.unit].short}.")
    return " ".join(sentences)


def _prices(
    levels: tuple[PriceLevel, ...],
    kind: Kind,
    texts: Mapping[str, str],
    brand: Brand,
    line: int,
    noise: Noise,
    *,
    free: bool,
) -> tuple[Decimal, ...]:
    """Compute the price of every level in RUB with VAT, whole kopecks; `free` of a price means zeros."""
    if free:
        return tuple(Decimal(0) for _ in levels)
    level = Decimal(brand.markup * LINE_MARKUPS[line] * noise.between(97, 104)) / 1000000
    retail = max(kind.price(Sizes(texts)) * level, Decimal("0.25"))
    depth = noise.between(-2, 2)
    return tuple(
        (retail * (each.percent + (depth if each.percent < 100 else 0)) / 100).quantize(
            _KOPECK, ROUND_HALF_UP
        )
        for each in levels
    )
