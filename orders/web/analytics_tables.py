"""Tables of the pages of charts: the same figures for the eye, the chart and the file."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from urllib.parse import urlencode

from django.template.defaultfilters import date as date_text
from django.urls import reverse
from django.utils.translation import gettext as _

from orders.selectors.analytics import COUNTED, Month, Period, Share
from orders.selectors.staff_analytics import Falling, Hands, MonthBeside, WaitedFor
from portal.lib.money import format_money

Value = Decimal | int | None


@dataclass(frozen=True, slots=True)
class Cell:
    """A figure: as people read it, and as a chart does."""

    value: Value

    @property
    def text(self) -> str:
        if self.value is None:
            return "–"
        return format_money(self.value) if isinstance(self.value, Decimal) else f"{self.value}"

    @property
    def raw(self) -> str:
        return "" if self.value is None else f"{self.value}"


@dataclass(frozen=True, slots=True)
class Row:
    """What the figures are of; `address` shows what they are made of."""

    title: str
    cells: tuple[Cell, ...]
    address: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """Figures under a title. `charted` columns are drawn, from the first on."""

    key: str
    title: str
    name: str
    heads: tuple[str, ...]
    rows: tuple[Row, ...]
    charted: int = 0
    note: str = ""

    @property
    def labelled(self) -> list[tuple[Row, list[tuple[str, Cell]]]]:
        """Rows with the head beside each figure, for narrow screens."""
        return [(row, list(zip(self.heads, row.cells, strict=True))) for row in self.rows]


def orders_address(period: Period, **also: object) -> str:
    """The list of the very orders that a figure counts."""
    told: dict[str, object] = {
        "since": period.since.isoformat(),
        "until": period.until.isoformat(),
        "state": COUNTED,
    }
    if period.legal_entity_id is not None:
        told["legal_entity"] = period.legal_entity_id
    return f"{reverse('orders:list')}?{urlencode(told | also, doseq=True)}"


def month_name(start: date) -> str:
    return date_text(start, "F Y")


def months_table(months: Iterable[Month], period: Period) -> Table:
    rows = tuple(
        Row(month_name(one.start), _cells(one.total, one.orders), orders_address(_within(one, period)))
        for one in months
    )
    return Table("months", _("Закупки по месяцам"), _("Месяц"), _sum_heads(), rows, charted=1)


def _within(month: Month, period: Period) -> Period:
    """The days of the month that belong to the period."""
    return Period(
        max(month.start, period.since),
        min(month.last, period.until),
        period.legal_entity_id,
    )


def entities_table(shares: Iterable[Share], period: Period) -> Table:
    rows = tuple(
        Row(one.title, _cells(one.total, one.orders), orders_address(period, legal_entity=one.key))
        for one in shares
    )
    return Table("entities", _("По юрлицам"), _("Юрлицо"), _sum_heads(), rows)


def people_table(shares: Iterable[Share], period: Period) -> Table:
    rows = tuple(
        Row(
            one.title,
            _cells(one.total, one.orders),
            orders_address(period, author=one.title) if one.key else orders_address(period, origin="erp"),
        )
        for one in shares
    )
    return Table("people", _("Кто заказывал"), _("Сотрудник"), _sum_heads(), rows)


def sections_table(shares: Iterable[Share]) -> Table:
    rows = tuple(
        Row(
            one.title,
            _cells(one.total, one.orders),
            f"{reverse('orders:assortment')}?section={one.key}" if one.key else "",
        )
        for one in shares
    )
    note = _("По строкам заказов, без доставки.")
    return Table("sections", _("По разделам каталога"), _("Раздел"), _sum_heads(), rows, note=note)


def beside_table(months: Sequence[MonthBeside], period: Period) -> Table:
    rows = tuple(
        Row(
            month_name(one.month.start),
            (Cell(one.month.total), Cell(one.before), Cell(one.month.orders)),
            orders_address(_within(one.month, period)),
        )
        for one in months
    )
    heads = (_("Сумма, ₽"), _("Год назад, ₽"), _("Заказов"))
    return Table("months", _("Закупки клиентов по месяцам"), _("Месяц"), heads, rows, charted=2)


def hands_table(months: Iterable[Hands]) -> Table:
    rows = tuple(
        Row(
            month_name(one.start),
            (Cell(one.alone_percent), Cell(one.alone), Cell(one.by_manager), Cell(one.in_erp)),
        )
        for one in months
    )
    heads = (_("Сами, %"), _("Клиент сам"), _("С менеджером"), _("Через 1С"))
    title = _("Доля самостоятельных заказов")
    return Table("hands", title, _("Месяц"), heads, rows, charted=1)


def falling_table(clients: Iterable[Falling], period: Period) -> Table:
    rows = tuple(
        Row(
            one.name,
            (Cell(one.lost), Cell(one.now), Cell(one.before)),
            orders_address(period, client=one.name),
        )
        for one in clients
    )
    heads = (_("Потеряно, ₽"), _("Последние 90 дней, ₽"), _("90 дней до них, ₽"))
    return Table("falling", _("Кто стал покупать меньше"), _("Клиент"), heads, rows)


def waited_table(goods: Iterable[WaitedFor]) -> Table:
    rows = tuple(
        Row(one.name, (Cell(one.people),), reverse("catalog:product", args=[one.product_id])) for one in goods
    )
    return Table("waited", _("Ждут поступления"), _("Товар"), (_("Человек"),), rows)


def missed_table(texts: Iterable[tuple[str, int]]) -> Table:
    rows = tuple(
        Row(text, (Cell(asked),), f"{reverse('catalog:index')}?{urlencode({'q': text})}")
        for text, asked in texts
    )
    note = _("Все клиенты портала; кто искал, не хранится.")
    return Table("missed", _("Искали и не нашли"), _("Запрос"), (_("Раз"),), rows, note=note)


def _sum_heads() -> tuple[str, ...]:
    return (_("Сумма, ₽"), _("Заказов"))


def _cells(total: Decimal, orders: int) -> tuple[Cell, ...]:
    return (Cell(total), Cell(orders))
