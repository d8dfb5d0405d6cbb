"""What a person wants in a price list: checked here, kept as JSON with the profile."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self, TypeVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from documents.states import ListFormat

Choice = TypeVar("Choice", bound=models.TextChoices)


class WrongOptions(ValueError):
    """What was kept is none of the options that there are."""


class Column(models.TextChoices):
    """Columns to choose from, in the order in which they are printed."""

    NUMBER = "number", _("№")
    PICTURE = "picture", _("Фото")
    ARTICLE = "article", _("Артикул")
    CODE = "code", _("Код 1С")
    BARCODE = "barcode", _("Штрихкод")
    NAME = "name", _("Наименование")
    BRAND = "brand", _("Бренд")
    UNIT = "unit", _("Единица")
    PACK = "pack", _("Упаковка и кратность")
    STOCK = "stock", _("Остаток")
    WAREHOUSES = "warehouses", _("Остаток по складам")
    PRICE = "price", _("Цена")
    RECOMMENDED = "recommended", _("РРЦ")
    VAT = "vat", _("Ставка НДС")
    WEIGHT = "weight", _("Вес единицы")
    LINK = "link", _("Ссылка на товар")


class CsvEncoding(models.TextChoices):
    """How the letters of a CSV are written."""

    UTF8 = "utf-8-sig", _("UTF-8")
    CP1251 = "cp1251", _("Windows-1251")


ALWAYS = (Column.NAME, Column.PRICE)
"""Without these it is no price list."""
USUAL = (
    Column.NUMBER,
    Column.ARTICLE,
    Column.NAME,
    Column.BRAND,
    Column.UNIT,
    Column.PACK,
    Column.STOCK,
    Column.PRICE,
    Column.VAT,
)


@dataclass(frozen=True, slots=True)
class ListOptions:
    """No sections means all goods, no brands any of them; goods of a section include those below it."""

    sections: tuple[int, ...] = ()
    brands: tuple[int, ...] = ()
    is_in_stock_only: bool = True
    is_vat_included: bool = True
    is_grouped: bool = True
    columns: tuple[Column, ...] = USUAL
    format: ListFormat = ListFormat.XLSX
    encoding: CsvEncoding = CsvEncoding.UTF8

    def __post_init__(self) -> None:
        chosen = {*self.columns, *ALWAYS}
        object.__setattr__(self, "columns", tuple(column for column in Column if column in chosen))

    def has(self, column: Column) -> bool:
        return column in self.columns

    def as_json(self) -> dict[str, Any]:
        return {
            "sections": list(self.sections),
            "brands": list(self.brands),
            "is_in_stock_only": self.is_in_stock_only,
            "is_vat_included": self.is_vat_included,
            "is_grouped": self.is_grouped,
            "columns": [column.value for column in self.columns],
            "format": self.format.value,
            "encoding": self.encoding.value,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Self:
        """Options as they were kept; what is not said is usual. Raises WrongOptions."""
        usual = cls()
        return cls(
            sections=_ids(kept, "sections"),
            brands=_ids(kept, "brands"),
            is_in_stock_only=_flag(kept, "is_in_stock_only", usual.is_in_stock_only),
            is_vat_included=_flag(kept, "is_vat_included", usual.is_vat_included),
            is_grouped=_flag(kept, "is_grouped", usual.is_grouped),
            columns=tuple(_one(Column, value) for value in _several(kept, "columns", usual.columns)),
            format=_one(ListFormat, kept.get("format", usual.format)),
            encoding=_one(CsvEncoding, kept.get("encoding", usual.encoding)),
        )


def _ids(kept: Mapping[str, Any], name: str) -> tuple[int, ...]:
    values = _several(kept, name, ())
    if not all(isinstance(value, int) and not isinstance(value, bool) and value > 0 for value in values):
        raise WrongOptions(f"{name}: {values!r}")
    return tuple(dict.fromkeys(values))


def _several(kept: Mapping[str, Any], name: str, usual: tuple[Any, ...]) -> tuple[Any, ...]:
    values = kept.get(name, usual)
    if not isinstance(values, list | tuple):
        raise WrongOptions(f"{name}: {values!r}")
    return tuple(values)


def _flag(kept: Mapping[str, Any], name: str, usual: bool) -> bool:
    value = kept.get(name, usual)
    if not isinstance(value, bool):
        raise WrongOptions(f"{name}: {value!r}")
    return value


def _one(choices: type[Choice], value: Any) -> Choice:
    try:
        found: Choice = choices(value)
    except ValueError as error:
        raise WrongOptions(str(error)) from error
    return found
