"""Drawings of cables, conduits and what joins wires."""

from math import cos, pi, sin
from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    ALUMINIUM,
    BLACK,
    BLUE,
    BROWN,
    COPPER,
    GREEN,
    GREY,
    INK,
    ORANGE,
    RED,
    STEEL,
    WHITE,
    ZINC,
    Canvas,
    shade,
)

_JACKETS: Final = MappingProxyType(
    {"black": BLACK, "white": "#e6e9ec", "rubber": "#4a4038", "orange": ORANGE, "blue": BLUE}
)
_CORES: Final = (BROWN, BLUE, "#8fae3c", BLACK, GREY)
_SHRINKS: Final = MappingProxyType({"чёрная": BLACK, "красная": RED, "синяя": BLUE})
_METALS: Final = MappingProxyType({"медь": COPPER, "медь лужёная": ZINC, "алюминий": ALUMINIUM})


def cable(canvas: Canvas, variant: str) -> None:
    """Draw a cut of a cable and a piece of its side: «3:black»."""
    count, jacket = variant.split(":")
    colour = _JACKETS[jacket]
    canvas.rod(150, 318, 300, 62, colour)
    canvas.line([(60, 334), (150, 334)], _CORES[0], 15)
    canvas.line([(48, 350), (150, 350)], _CORES[1], 15)
    canvas.line([(60, 366), (150, 366)], _CORES[2], 15)
    for x, y in ((36, 334), (24, 350), (36, 366)):
        canvas.line([(x, y), (x + 26, y)], COPPER, 8)
    _section(canvas, int(count), colour)


def armoured(canvas: Canvas, variant: str) -> None:
    """Draw a cable with a band of steel under its jacket."""
    cable(canvas, variant)
    canvas.rod(118, 320, 70, 58, STEEL)
    for x in range(124, 184, 14):
        canvas.line([(x + 8, 322), (x, 376)], shade(STEEL, 66), 2)


def _section(canvas: Canvas, count: int, colour: str) -> None:
    x, y, radius = 240, 172, 128
    canvas.disc(x, y, radius, shade(colour, 78))
    canvas.disc(x, y, radius - 7, colour)
    canvas.disc(x, y, radius - 26, "#d9dee3")
    spread = 0 if count == 1 else 44 + count * 3
    size = {1: 70, 2: 47, 3: 43, 4: 38, 5: 34}[count]
    for place in range(count):
        angle = 2 * pi * place / count - pi / 2
        core_x, core_y = x + spread * cos(angle), y + spread * sin(angle)
        canvas.disc(core_x, core_y, size, _CORES[place], edge=shade(_CORES[place], 70))
        canvas.disc(core_x, core_y, size * 0.6, COPPER, edge=shade(COPPER, 74))
        canvas.disc(core_x - size * 0.16, core_y - size * 0.16, size * 0.24, shade(COPPER, 118))


def coil(canvas: Canvas, variant: str) -> None:
    """Draw a coil of wire with an end hanging out."""
    colour = _JACKETS[variant]
    canvas.shadow(416)
    for radius in range(166, 70, -13):
        canvas.disc(240, 240, radius, shade(colour, 74))
        canvas.disc(240, 240, radius - 3, shade(colour, 106))
    canvas.disc(240, 240, 70, "#ffffff", edge=shade(colour, 60))
    canvas.line([(388, 300), (424, 348), (430, 388)], colour, 11)
    canvas.line([(430, 388), (431, 414)], COPPER, 7)
    for angle in (0.25, 2.35, 4.45):
        inner = (240 + 64 * cos(angle), 240 + 64 * sin(angle))
        canvas.line([inner, (240 + 170 * cos(angle), 240 + 170 * sin(angle))], "#f2f2ee", 13)


def twisted(canvas: Canvas, variant: str) -> None:
    """Draw a cable of twisted pairs with the pairs bared."""
    pairs = int(variant)
    canvas.rod(250, 196, 206, 88, "#a9b2bb")
    colours = (ORANGE, GREEN, BLUE, BROWN)[:pairs]
    for place, colour in enumerate(colours):
        y = 240 + (place - (pairs - 1) / 2) * 58
        for start, tone in ((0, colour), (1, "#eef0f2")):
            points = [
                (30 + x, y + 13 * cos(x / 17 + pi * start) + (240 - y) * (x / 222) ** 3 * 0.62)
                for x in range(0, 223, 3)
            ]
            canvas.line(points, shade(colour, 70), 13)
            canvas.line(points, tone, 10)


def corrugated(canvas: Canvas, variant: str) -> None:
    """Draw a bent corrugated conduit."""
    colour = BLACK if variant.startswith("ч") else "#a4adb6"
    canvas.shadow(430, 170)
    for step in range(60):
        angle = pi * (1.08 + step * 0.014)
        x, y = 240 + 168 * cos(angle), 330 + 168 * sin(angle)
        canvas.disc(
            x,
            y,
            50 if step % 3 < 2 else 44,
            shade(colour, 108 if step % 3 < 2 else 74),
            edge=shade(colour, 66),
        )
    canvas.disc(405, 300, 46, shade(colour, 84), edge=shade(colour, 60))
    canvas.disc(405, 300, 35, shade(colour, 44))


def duct(canvas: Canvas, variant: str) -> None:
    """Draw a cable duct with its lid ajar."""
    canvas.shape([(60, 300), (330, 150), (440, 190), (170, 350)], "#dfe4e9", edge=GREY)
    canvas.shape([(60, 300), (170, 350), (170, 410), (60, 360)], "#f1f3f5", edge=GREY)
    canvas.shape([(170, 350), (440, 190), (440, 250), (170, 410)], "#cfd6dd", edge=GREY)
    canvas.shape([(80, 322), (152, 354), (152, 388), (80, 356)], "#8d98a4")
    canvas.shape([(40, 236), (310, 86), (420, 126), (150, 286)], WHITE, edge=GREY)
    canvas.shape([(40, 236), (150, 286), (150, 298), (40, 248)], "#dbe0e5", edge=GREY)
    canvas.shape([(150, 286), (420, 126), (420, 138), (150, 298)], "#c7cfd7", edge=GREY)


def tray(canvas: Canvas, variant: str) -> None:
    """Draw a perforated tray."""
    canvas.shape([(50, 330), (330, 120), (330, 70), (50, 280)], shade(ZINC, 92), edge=INK)
    canvas.shape([(50, 330), (330, 120), (440, 160), (160, 384)], ZINC, edge=INK)
    for row in range(3):
        for place in range(6):
            x, y = 98 + place * 45 + row * 34, 320 - place * 34 + row * 14
            canvas.shape(
                [(x, y), (x + 20, y - 15), (x + 30, y - 11), (x + 10, y + 4)], "#ffffff", edge=shade(ZINC, 66)
            )
    canvas.shape([(160, 384), (440, 160), (440, 110), (160, 334)], shade(ZINC, 112), edge=INK)


def lug(canvas: Canvas, variant: str) -> None:
    """Draw a crimp lug."""
    colour = _METALS[variant]
    canvas.rod(50, 196, 190, 88, colour)
    canvas.disc(54, 240, 44, shade(colour, 58))
    canvas.shape([(238, 197), (300, 178), (300, 302), (238, 283)], shade(colour, 106))
    canvas.disc(352, 240, 84, shade(colour, 74))
    canvas.disc(352, 240, 79, shade(colour, 110))
    canvas.disc(352, 240, 38, "#ffffff", edge=shade(colour, 60))
    canvas.disc(204, 240, 9, shade(colour, 56))
    canvas.turn(25)


def terminal(canvas: Canvas, variant: str) -> None:
    """Draw a lever connector for two to five wires."""
    count = int(variant[0])
    width = count * 66
    left = 240 - width / 2
    canvas.shadow(400)
    canvas.box(left, 170, width, 190, "#e7ebef", radius=14, edge=GREY)
    for place in range(count):
        x = left + 8 + place * 66
        canvas.box(x, 116, 50, 118, ORANGE, radius=9, edge=shade(ORANGE, 74))
        canvas.box(x + 9, 126, 32, 22, shade(ORANGE, 116), radius=6)
        canvas.disc(x + 25, 314, 20, INK)
        canvas.disc(x + 25, 314, 13, "#11161c")


def tape(canvas: Canvas, variant: str) -> None:
    """Draw a roll of insulating tape."""
    colour = _JACKETS[variant]
    canvas.shadow(420)
    canvas.box(88, 250, 304, 72, shade(colour, 70))
    canvas.disc(240, 322, 152, shade(colour, 70), flat=0.56)
    canvas.disc(240, 250, 152, shade(colour, 106), flat=0.56, edge=shade(colour, 60))
    for radius in (138, 124, 112):
        canvas.disc(240, 250, radius, shade(colour, 96), flat=0.56, edge=shade(colour, 84))
    canvas.disc(240, 252, 88, "#dcc9a6", flat=0.56, edge=BROWN)
    canvas.disc(240, 262, 76, "#ffffff", flat=0.5, edge=BROWN)
    canvas.shape([(388, 262), (450, 300), (450, 364), (390, 326)], shade(colour, 84))


def shrink(canvas: Canvas, variant: str) -> None:
    """Draw shrink tubes of three sizes."""
    colour = _SHRINKS[variant]
    for place, size in enumerate((34, 54, 76)):
        y = 96 + place * 104
        canvas.rod(60, y, 340, size, colour)
        canvas.disc(400, y + size / 2, size / 2, shade(colour, 84), edge=shade(colour, 60))
        canvas.disc(400, y + size / 2, size / 2 - 7, shade(colour, 46))
    canvas.turn(14)


def tie(canvas: Canvas, variant: str) -> None:
    """Draw cable ties."""
    colour, edge = (BLACK, INK) if variant.startswith("ч") else ("#eceff2", GREY)
    for place in range(4):
        y = 130 + place * 66
        canvas.shape(
            [(80, y), (400, y), (448, y + 8), (448, y + 18), (400, y + 26), (80, y + 26)], colour, edge=edge
        )
        for x in range(130, 390, 12):
            canvas.line([(x, y + 6), (x, y + 20)], shade(colour, 130 if colour == BLACK else 82), 2)
        canvas.box(36, y - 9, 52, 44, colour, radius=7, edge=edge)
        canvas.box(52, y + 3, 20, 20, shade(colour, 66), radius=3)
    canvas.turn(18)


SHAPES: Final = MappingProxyType(
    {
        "cable": cable,
        "armoured": armoured,
        "coil": coil,
        "twisted": twisted,
        "corrugated": corrugated,
        "duct": duct,
        "tray": tray,
        "lug": lug,
        "terminal": terminal,
        "tape": tape,
        "shrink": shrink,
        "tie": tie,
    }
)
