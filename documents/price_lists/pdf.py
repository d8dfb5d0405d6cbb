"""A price list on paper: drawn row by row, so that fifty thousand take no more memory than their pages."""

from decimal import Decimal
from io import BytesIO
from typing import IO

from reportlab.lib.utils import ImageReader

from documents.price_lists.columns import Cell, Kind, ListColumn
from documents.price_lists.goods import ListedGoods
from documents.price_lists.options import Column
from documents.price_lists.paper import PriceList, Told
from documents.price_lists.pdf_contents import Contents, contents_of, section_key
from documents.price_lists.pdf_page import SMALL, Pages
from documents.price_lists.pictures import Pictures
from documents.price_lists.shelves import Shelf
from portal.lib.money import format_price, format_quantity

_LINE, _PAD, _MOST_LINES = 9.0, 3.0, 3
_HEAD, _SHELF, _PICTURE = 23.0, 15.0, 40.0
_NARROW_LETTERS = 130
"""Columns of more letters together go on a sheet that lies on its side."""
_RIGHT = frozenset({Kind.NUMBER, Kind.MONEY, Kind.QUANTITY, Kind.WEIGHT})
_ON_SITE = "на сайте"
_SHADES = (0.85, 0.91, 0.95)


def write_pdf(price_list: PriceList, target: IO[bytes], told: Told | None = None) -> int:
    """Write it; return how many goods it has. Raises NoFont."""
    is_wide = sum(one.width for one in price_list.columns) > _NARROW_LETTERS
    heading = price_list.heading
    pages = Pages(target, title=f"{price_list.name}. {heading.title}", author=heading.seller, is_wide=is_wide)
    book = _Book(pages, price_list)
    book.first_page()
    for row in price_list.rows(told):
        if isinstance(row, Shelf):
            book.shelf(row)
        else:
            book.goods(row)
    book.end()
    return book.count


class _Book:
    """The flow of sections and rows over pages."""

    def __init__(self, pages: Pages, price_list: PriceList) -> None:
        self.pages, self.price_list = pages, price_list
        self.columns = price_list.columns
        self.rooms = _rooms(self.columns, pages.room)
        self.contents: Contents = contents_of(price_list.listing.shelves)
        self.pictures = Pictures()
        self.count = self.place = 0
        self.trail: list[str] = []

    def first_page(self) -> None:
        """The heading, then the contents where there are sections to choose from."""
        pages, heading = self.pages, self.price_list.heading
        pages.open()
        pages.y -= 14
        pages.write(pages.left, pages.y, heading.title, size=14, is_bold=True)
        for line in (heading.seller, *heading.lines):
            for part in pages.regular.lines(line, 9, pages.room, _MOST_LINES):
                pages.y -= 13
                pages.write(pages.left, pages.y, part, size=9)
        pages.y -= 16
        if len(self.contents.lines) > 1:
            self.contents.draw(pages)
            pages.close()
            self._next_page()
        else:
            self._heads()

    def shelf(self, shelf: Shelf) -> None:
        """A section's title, with a bookmark; never alone at the foot of a page."""
        place, self.place = self.place, self.place + 1
        if not shelf.title:
            return
        self.trail = [*self.trail[: shelf.level], shelf.title]
        self.pages.section = " / ".join(self.trail)
        if self.pages.y - _SHELF - 3 * _LINE < self.pages.bottom:
            self._next_page()
        pages = self.pages
        pages.y -= _SHELF
        pages.band(pages.y, _SHELF, _SHADES[min(shelf.level, 2)])
        title = pages.bold.clipped(shelf.title, 8.5, pages.room - 8)
        pages.write(pages.left + 3, pages.y + 4.5, title, size=8.5, is_bold=True)
        pages.canvas.bookmarkPage(section_key(place), fit="XYZ", left=0, top=pages.y + _SHELF + 4)
        pages.canvas.addOutlineEntry(shelf.title, section_key(place), shelf.level, closed=shelf.level > 0)
        self.contents.reached(place, pages.number)

    def goods(self, goods: ListedGoods) -> None:
        self.count += 1
        cells = [self._lines(one, room, goods) for one, room in zip(self.columns, self.rooms, strict=True)]
        small = self.pictures.small(goods.picture) if goods.picture else None
        height = max(max(map(len, cells)) * _LINE, _PICTURE if small else 0) + _PAD
        if self.pages.y - height < self.pages.bottom:
            self._next_page()
        pages, x = self.pages, self.pages.left
        for one, room, lines in zip(self.columns, self.rooms, cells, strict=True):
            self._cell(one, x, room, lines)
            if small and one.kind is Kind.PICTURE:
                self._picture(small, x, room)
            elif one.column is Column.LINK and one.fill:
                pages.canvas.linkURL(
                    str(one.fill(goods)), (x, pages.y - _LINE, x + room, pages.y), relative=0
                )
            x += room
        pages.y -= height
        pages.rule()

    def end(self) -> None:
        if not self.count:
            self.pages.write(self.pages.left, self.pages.y - 20, "По этим условиям товаров нет.", size=10)
        self.pages.close()
        for place in self.contents.lines:  # a link to nowhere would break the file
            if place >= self.place:
                self.pages.canvas.bookmarkPage(section_key(place))
        self.contents.fill(self.pages)
        self.pages.save()

    def _next_page(self) -> None:
        self.pages.close()
        self.pages.open()
        self._heads()

    def _heads(self) -> None:
        pages, x = self.pages, self.pages.left
        for one, room in zip(self.columns, self.rooms, strict=True):
            for number, line in enumerate(pages.bold.lines(one.head, 7, room - 2 * _PAD, 2), start=1):
                y = pages.y - number * _LINE
                if one.kind in _RIGHT:
                    pages.write_right(x + room - _PAD, y, line, size=7, is_bold=True)
                else:
                    pages.write(x + _PAD, y, line, size=7, is_bold=True)
            x += room
        pages.y -= _HEAD
        pages.rule()

    def _lines(self, one: ListColumn, room: float, goods: ListedGoods) -> list[str]:
        if one.column is Column.NUMBER:
            return [str(self.count)]
        if one.fill is None:
            return []
        if one.column is Column.LINK:
            return [_ON_SITE]
        return self.pages.regular.lines(_told(one.fill(goods), one.kind), SMALL, room - 2 * _PAD, _MOST_LINES)

    def _cell(self, one: ListColumn, x: float, room: float, lines: list[str]) -> None:
        pages = self.pages
        for number, line in enumerate(lines, start=1):
            y = pages.y - number * _LINE + 1
            if one.kind in _RIGHT:
                pages.write_right(x + room - _PAD, y, line)
            else:
                pages.write(x + _PAD, y, line)

    def _picture(self, small: bytes, x: float, room: float) -> None:
        self.pages.canvas.drawImage(
            ImageReader(BytesIO(small)),
            x + 1,
            self.pages.y - _PICTURE - 1,
            room - 2,
            _PICTURE,
            preserveAspectRatio=True,
            anchor="c",
        )


def _rooms(columns: list[ListColumn], room: float) -> list[float]:
    """The width of each column in points, by its letters; a link is short on paper."""
    letters = [12 if one.column is Column.LINK else one.width for one in columns]
    return [room * one / sum(letters) for one in letters]


def _told(cell: Cell, kind: Kind) -> str:
    if cell is None:
        return ""
    if isinstance(cell, Decimal):
        return format_price(cell) if kind is Kind.MONEY else format_quantity(cell)
    return cell
