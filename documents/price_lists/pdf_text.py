"""Measuring and cutting lines of text, without asking the layout library letter by letter."""

from reportlab.pdfbase.pdfmetrics import getFont

from documents.price_lists.fonts import BOLD, REGULAR, fonts_register

ELLIPSIS = "…"


class Ruler(dict[str, float]):
    """Widths of letters of one font at size 1, kept as they are met."""

    def __init__(self, font_name: str) -> None:
        super().__init__()
        face = getFont(font_name).face
        self._widths, self._usual = face.charWidths, face.defaultWidth

    def __missing__(self, letter: str) -> float:
        width = float(self._widths.get(ord(letter), self._usual)) / 1000
        self[letter] = width
        return width

    def width(self, text: str, size: float) -> float:
        return sum(map(self.__getitem__, text)) * size

    def lines(self, text: str, size: float, room: float, most: int) -> list[str]:
        """The text in at most so many lines that fit the room; what is left over ends with an ellipsis."""
        text = " ".join(text.split())
        if self.width(text, size) <= room:
            return [text] if text else []
        found: list[str] = []
        rest = text
        while rest and len(found) < most:
            cut = self._fitting(rest, size, room)
            if len(found) == most - 1 and cut < len(rest):
                found.append(self.clipped(rest, size, room))
                break
            found.append(rest[:cut].rstrip())
            rest = rest[cut:].lstrip()
        return found

    def clipped(self, text: str, size: float, room: float) -> str:
        """One line of what fits."""
        if self.width(text, size) <= room:
            return text
        left = room - self.width(ELLIPSIS, size)
        spent, cut = 0.0, 0
        for letter in text:
            spent += self[letter] * size
            if spent > left:
                break
            cut += 1
        return text[:cut].rstrip() + ELLIPSIS

    def _fitting(self, text: str, size: float, room: float) -> int:
        """How many letters fit; a word is broken only where it is alone in its line."""
        spent, space = 0.0, 0
        for place, letter in enumerate(text):
            spent += self[letter] * size
            if spent > room:
                return space or max(place, 1)
            if letter == " ":
                space = place + 1
        return len(text)


def rulers() -> tuple[Ruler, Ruler]:
    """Of the regular and the bold font. Raises NoFont."""
    fonts_register()
    return Ruler(REGULAR), Ruler(BOLD)
