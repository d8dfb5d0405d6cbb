"""A sheet for simple drawings: flat shapes with a few bands of shade, small as a file."""

from collections.abc import Sequence
from io import BytesIO
from math import cos, pi, sin
from typing import Final

from PIL import Image, ImageColor, ImageDraw

SIZE: Final = 480
_SCALE: Final = 2
_PAINTS_KEPT: Final = 40
_PALE: Final = 200
_NEARLY_WHITE: Final = 248

Point = tuple[float, float]

INK: Final = "#2b3440"
STEEL: Final = "#aeb8c2"
DARK_STEEL: Final = "#5f6b78"
ZINC: Final = "#c6ced6"
YELLOW_ZINC: Final = "#d8b65c"
BRASS: Final = "#d5a84a"
COPPER: Final = "#c9773f"
ALUMINIUM: Final = "#d3d8dd"
WHITE: Final = "#f4f6f8"
GREY: Final = "#9aa5b1"
BLACK: Final = "#3a424c"
BLUE: Final = "#2f6fb5"
RED: Final = "#cf4436"
GREEN: Final = "#4d9a57"
YELLOW: Final = "#efc23f"
ORANGE: Final = "#e2792c"
BROWN: Final = "#8a5a3c"

BANDS: Final = (82, 104, 122, 110, 96, 84, 70)
"""Brightness across a round body, percent of its colour."""


def shade(colour: str, percent: int) -> str:
    """Make a colour darker (below 100) or lighter (above)."""
    parts = (int(colour[start : start + 2], 16) for start in (1, 3, 5))
    if percent <= 100:
        mixed = [part * percent // 100 for part in parts]
    else:
        mixed = [part + (255 - part) * (percent - 100) // 40 for part in parts]
    return "#" + "".join(f"{min(part, 255):02x}" for part in mixed)


class Canvas:
    """A white square of 480 points; coordinates grow to the right and down."""

    def __init__(self) -> None:
        self._image = Image.new("RGB", (SIZE * _SCALE, SIZE * _SCALE), "white")
        self._pen = ImageDraw.Draw(self._image)
        self._paints: dict[str, None] = {}

    def box(
        self, x: float, y: float, width: float, height: float, fill: str, *, radius: float = 0, edge: str = ""
    ) -> None:
        """Draw a rectangle with rounded corners."""
        area = [x * _SCALE, y * _SCALE, (x + width) * _SCALE, (y + height) * _SCALE]
        self._note(fill, edge)
        self._pen.rounded_rectangle(area, radius * _SCALE, fill, edge or None, 2 * _SCALE)

    def disc(self, x: float, y: float, radius: float, fill: str, *, edge: str = "", flat: float = 1) -> None:
        """Draw a circle, or an ellipse whose height is `flat` of its width."""
        area = [
            (x - radius) * _SCALE,
            (y - radius * flat) * _SCALE,
            (x + radius) * _SCALE,
            (y + radius * flat) * _SCALE,
        ]
        self._note(fill, edge)
        self._pen.ellipse(area, fill, edge or None, 2 * _SCALE)

    def ring(self, x: float, y: float, outer: float, inner: float, colour: str) -> None:
        """Draw a flat ring with a lit edge and a white hole."""
        self.disc(x, y, outer, shade(colour, 72))
        self.disc(x, y, outer - 4, colour)
        self.disc(x, y, inner + 5, shade(colour, 84))
        self.disc(x, y, inner, "#ffffff", edge=shade(colour, 62))

    def line(self, points: Sequence[Point], colour: str, width: float) -> None:
        """Draw a broken line with round joints and ends."""
        self._note(colour)
        scaled = [(x * _SCALE, y * _SCALE) for x, y in points]
        self._pen.line(scaled, colour, int(width * _SCALE), joint="curve")
        half = width * _SCALE / 2
        for x, y in (scaled[0], scaled[-1]):
            self._pen.ellipse([x - half, y - half, x + half, y + half], colour)

    def shape(self, points: Sequence[Point], fill: str, *, edge: str = "") -> None:
        """Draw a filled polygon."""
        self._note(fill, edge)
        self._pen.polygon([(x * _SCALE, y * _SCALE) for x, y in points], fill, edge or None, 2 * _SCALE)

    def rod(
        self, x: float, y: float, width: float, height: float, colour: str, *, upright: bool = False
    ) -> None:
        """Draw a round body lying from left to right, or standing, by bands of shade."""
        step = (width if upright else height) / len(BANDS)
        for place, percent in enumerate(BANDS):
            tone = shade(colour, percent)
            if upright:
                self.box(x + step * place, y, step + 0.5, height, tone)
            else:
                self.box(x, y + step * place, width, step + 0.5, tone)

    def thread(
        self, x: float, y: float, width: float, height: float, colour: str, *, pitch: float = 11
    ) -> None:
        """Draw a lying thread: a round body with slanted grooves."""
        self.rod(x, y, width, height, colour)
        for number in range(int(width / pitch)):
            start = x + pitch * number + 2
            self.line([(start + pitch * 0.6, y + 1), (start, y + height - 1)], shade(colour, 62), 2.4)

    def hexagon(self, x: float, y: float, radius: float, fill: str, *, edge: str = "") -> None:
        """Draw a hexagon standing on its side."""
        corners = [(x + radius * cos(pi / 3 * turn), y + radius * sin(pi / 3 * turn)) for turn in range(6)]
        self.shape(corners, fill, edge=edge)

    def shadow(self, y: float = 424, radius: float = 150) -> None:
        """Draw a soft shadow on the floor."""
        self.disc(SIZE / 2, y, radius, "#eef1f4", flat=0.11)
        self.disc(SIZE / 2, y, radius * 0.72, "#e2e7ec", flat=0.11)

    def turn(self, degrees: int) -> None:
        """Turn everything drawn so far counterclockwise around the middle."""
        self._image = self._image.rotate(degrees, Image.Resampling.NEAREST, fillcolor="white")
        self._pen = ImageDraw.Draw(self._image)

    def png(self) -> bytes:
        """Return the picture as a PNG whose palette is the paints used and their mixes with white."""
        small = self._image.reduce(_SCALE)
        paints = [ImageColor.getrgb(paint)[:3] for paint in self._paints]
        paints = [paint for paint in paints if min(paint) < _NEARLY_WHITE][:_PAINTS_KEPT]
        softer = [tuple((part + 255) // 2 for part in paint) for paint in paints if min(paint) < _PALE]
        palette = Image.new("P", (1, 1))
        palette.putpalette([part for paint in ((255, 255, 255), *paints, *softer) for part in paint])
        stream = BytesIO()
        small.quantize(palette=palette, dither=Image.Dither.NONE).save(stream, "PNG", optimize=True)
        return stream.getvalue()

    def _note(self, *paints: str) -> None:
        self._paints.update(dict.fromkeys(filter(None, paints)))
