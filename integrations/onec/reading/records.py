"""What a CommerceML file says, whatever its dialect: one frozen record per thing.

`None` in an optional tuple means that the file does not speak of it; an empty tuple means that it
says there is nothing. `line` is the line of the file.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

PropertyKind = Literal["text", "number", "option", "time"]


@dataclass(frozen=True, slots=True)
class FileHead:
    """Root of the file; `formed_at` is None where 1C did not say it."""

    version: str
    formed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SectionRecord:
    """A group; parents come before their children. `is_deleted` is None where nothing is said."""

    external_id: str
    parent_id: str
    name: str
    is_deleted: bool | None


@dataclass(frozen=True, slots=True)
class ClassifierRecord:
    """A tree of groups; never the whole of it for sure."""

    external_id: str
    name: str
    sections: tuple[SectionRecord, ...]


@dataclass(frozen=True, slots=True)
class PropertyRecord:
    """A property with its values by id."""

    external_id: str
    name: str
    kind: PropertyKind
    options: tuple[tuple[str, str], ...]
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class UnitRecord:
    """A unit as named by code, short name or both; all may be empty.

    `is_reference`: only the code came (3.1), the list of units says what it means.
    """

    code: str
    name: str
    full_name: str = ""
    international_code: str = ""
    is_reference: bool = False


@dataclass(frozen=True, slots=True)
class CatalogRecord:
    """Beginning of the goods of a catalogue; `is_whole`: the first portion of a full export."""

    external_id: str
    classifier_id: str
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class GoodRecord:
    """A good, or one characteristic of it exported as a good (`characteristic_id`).

    `has_vat` tells «no VAT» (a rate of None) from a file that is silent about it.
    `weight` (kg) and `volume` (m³) are of a base unit, `order_multiple` is in base units; all above nought.
    `is_partial`: only pictures or a deletion mark came, everything else stays as it is.
    """

    product_id: str
    characteristic_id: str
    line: int
    name: str
    article: str
    barcode: str
    code: str
    full_name: str
    description: str
    kind: str
    item_type: str
    brand: str
    unit: UnitRecord
    packs: tuple[tuple[str, Decimal], ...]
    has_vat: bool
    vat_percent: Decimal | None
    weight: Decimal | None
    volume: Decimal | None
    order_multiple: Decimal | None
    sections: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    pictures: tuple[str, ...] | None
    characteristic: str
    is_deleted: bool
    is_partial: bool


@dataclass(frozen=True, slots=True)
class PriceTypeRecord:
    """Вид цен."""

    external_id: str
    name: str
    currency: str
    is_vat_included: bool


@dataclass(frozen=True, slots=True)
class WarehouseRecord:
    """A warehouse; `is_deleted` where 1C marked it."""

    external_id: str
    name: str
    address: str
    is_deleted: bool


@dataclass(frozen=True, slots=True)
class PackageRecord:
    """Beginning of the offers of a package."""

    catalog_id: str


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A price of `coefficient` times `unit`, which may be a code or a name."""

    price_type_id: str
    amount: Decimal | None
    unit: str
    coefficient: Decimal | None
    currency: str
    line: int


@dataclass(frozen=True, slots=True)
class ExpectedRow:
    """What is on its way: how much, by when (None: unknown), to which warehouse (id, name or nothing)."""

    quantity: Decimal
    on: date | None
    warehouse: str


@dataclass(frozen=True, slots=True)
class OfferRecord:
    """Price and stock of a good or of one characteristic of it.

    `stocks` are (warehouse id, quantity); `quantity` is the total and None where nothing is said, and so
    are `expected` and `is_deleted`: rows of prices and stock come without a name and without a mark.
    """

    product_id: str
    characteristic_id: str
    line: int
    name: str
    article: str
    barcode: str
    characteristic: str
    is_deleted: bool | None
    prices: tuple[PriceRow, ...] | None
    quantity: Decimal | None
    stocks: tuple[tuple[str, Decimal], ...] | None
    expected: ExpectedRow | None = None


Record = (
    FileHead
    | ClassifierRecord
    | PropertyRecord
    | UnitRecord
    | CatalogRecord
    | GoodRecord
    | PriceTypeRecord
    | WarehouseRecord
    | PackageRecord
    | OfferRecord
)
