"""Contents of a price list on paper: drawn before the goods, their page numbers filled in after them."""

from dataclasses import dataclass, field

from documents.price_lists.pdf_page import SMALL, Pages
from documents.price_lists.shelves import Shelf

MOST_LINES = 400
"""Of more sections the deeper ones are left out: nobody reads ten pages of contents."""
_LINE, _INDENT = 12.0, 12.0


@dataclass(slots=True)
class _Line:
    key: str
    title: str
    level: int
    page: int = 0


@dataclass(slots=True)
class Contents:
    """Lines of the contents by the place of their shelf in the list, and how they lie on pages."""

    lines: dict[int, _Line]
    _sheets: list[list[tuple[_Line, float]]] = field(default_factory=list)

    def draw(self, pages: Pages) -> None:
        """Titles and links now; each page of contents leaves a place for its numbers."""
        pages.write(pages.left, pages.y - 12, "Содержание", size=11, is_bold=True)
        pages.y -= 24
        self._sheet(pages)
        for line in self.lines.values():
            if pages.y - _LINE < pages.bottom:
                pages.close()
                pages.open()
                self._sheet(pages)
            pages.y -= _LINE
            x = pages.left + _INDENT * line.level
            ruler = pages.regular if line.level else pages.bold
            title = ruler.clipped(line.title, SMALL, pages.right - 40 - x)
            pages.write(x, pages.y, title, is_bold=not line.level)
            pages.canvas.linkRect(
                "", line.key, (x, pages.y - 3, pages.right, pages.y + _LINE - 3), Border="[0 0 0]"
            )
            self._sheets[-1].append((line, pages.y))

    def reached(self, place: int, page: int) -> None:
        if place in self.lines:
            self.lines[place].page = page

    def fill(self, pages: Pages) -> None:
        """Print the numbers; a section whose goods have all gone meanwhile has none."""
        for number, sheet in enumerate(self._sheets):
            told = [(pages.right, y, str(line.page or "–"), True) for line, y in sheet]
            pages.form(f"contents-{number}", told, size=SMALL)

    def _sheet(self, pages: Pages) -> None:
        pages.place_form(f"contents-{len(self._sheets)}")
        self._sheets.append([])


def contents_of(shelves: list[Shelf]) -> Contents:
    """All sections, or as many levels of them as fit MOST_LINES; the top level stays whatever its size."""
    deepest = max((shelf.level for shelf in shelves), default=0)
    while deepest and sum(shelf.level <= deepest for shelf in shelves) > MOST_LINES:
        deepest -= 1
    return Contents(
        {
            place: _Line(section_key(place), shelf.title, shelf.level)
            for place, shelf in enumerate(shelves)
            if shelf.level <= deepest and shelf.title
        }
    )


def section_key(place: int) -> str:
    return f"section-{place}"
