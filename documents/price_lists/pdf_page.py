"""Pages of a price list: running heads, «Страница N из M», text gathered page by page."""

from typing import IO, Any

from reportlab.lib.pagesizes import A4, landscape
from reportlab.pdfgen.canvas import Canvas

from documents.price_lists.fonts import BOLD, REGULAR
from documents.price_lists.pdf_text import rulers

MARGIN = 28.0
TINY, SMALL = 6.5, 7.5
_TOTAL = "total-pages"
GREY, BLACK, RULE = 0.45, 0.0, 0.82


class Pages:
    """The canvas and where one stands on it; `y` goes down from `top` to `bottom`, in points."""

    def __init__(self, target: IO[bytes], *, title: str, author: str, is_wide: bool) -> None:
        self.regular, self.bold = rulers()
        size = landscape(A4) if is_wide else A4
        self.canvas: Any = Canvas(target, pagesize=size, pageCompression=1)
        self.canvas.setTitle(title)
        self.canvas.setAuthor(author)
        self.canvas.setCreator("")
        self.width, self.height = size
        self.left, self.right = MARGIN, self.width - MARGIN
        self.top, self.bottom = self.height - MARGIN - 12, MARGIN + 14
        self.number = 0
        self.y = self.top
        self.seller, self.section = author, ""
        self._text: Any = None
        self._font: tuple[str, float] = ("", 0.0)

    def open(self) -> None:
        """Begin a page with its running head and foot."""
        self.number += 1
        self.y = self.top
        self._text = self.canvas.beginText()
        self._font = ("", 0.0)
        line = self.height - MARGIN
        self.write(self.left, line, self.regular.clipped(self.seller, TINY, self.room * 0.55), size=TINY)
        section = self.regular.clipped(self.section, TINY, self.room * 0.42)
        self.write_right(self.right, line, section, size=TINY)
        self._rule(line - 4)
        start = f"Страница {self.number} из "
        self.write(self.left, MARGIN, start, size=TINY)
        self._place_form(_TOTAL, self.left + self.regular.width(start, TINY), MARGIN)

    def close(self) -> None:
        if self._text is not None:
            self.canvas.drawText(self._text)
            self.canvas.showPage()
            self._text = None

    def save(self) -> None:
        """Say how many pages there are and end the file."""
        self.close()
        self.form(_TOTAL, [(0.0, 0.0, str(self.number), False)], size=TINY)
        self.canvas.save()

    @property
    def room(self) -> float:
        return float(self.right - self.left)

    def write(self, x: float, y: float, text: str, *, size: float = SMALL, is_bold: bool = False) -> None:
        font = (BOLD if is_bold else REGULAR, size)
        if font != self._font:
            self._text.setFont(*font)
            self._font = font
        self._text.setTextOrigin(x, y)
        self._text.textOut(text)

    def write_right(
        self, x: float, y: float, text: str, *, size: float = SMALL, is_bold: bool = False
    ) -> None:
        ruler = self.bold if is_bold else self.regular
        self.write(x - ruler.width(text, size), y, text, size=size, is_bold=is_bold)

    def band(self, y: float, height: float, shade: float) -> None:
        """A shaded stripe under what is written later."""
        self.canvas.setFillGray(shade)
        self.canvas.rect(self.left, y, self.room, height, stroke=0, fill=1)
        self.canvas.setFillGray(BLACK)

    def rule(self) -> None:
        self._rule(self.y)

    def form(self, name: str, texts: list[tuple[float, float, str, bool]], *, size: float) -> None:
        """What pages before have left a place for: texts at points, right-aligned where so said."""
        self.canvas.beginForm(name, 0, -self.height, self.width, self.height)
        self.canvas.setFont(REGULAR, size)
        for x, y, text, is_right in texts:
            (self.canvas.drawRightString if is_right else self.canvas.drawString)(x, y, text)
        self.canvas.endForm()

    def place_form(self, name: str) -> None:
        """Leave a place for a form in coordinates of the page."""
        self.canvas.doForm(name)

    def _place_form(self, name: str, x: float, y: float) -> None:
        self.canvas.saveState()
        self.canvas.translate(x, y)
        self.canvas.doForm(name)
        self.canvas.restoreState()

    def _rule(self, y: float) -> None:
        self.canvas.setStrokeGray(RULE)
        self.canvas.setLineWidth(0.4)
        self.canvas.line(self.left, y, self.right, y)
