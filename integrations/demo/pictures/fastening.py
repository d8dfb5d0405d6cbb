"""Drawings of bolts, screws, anchors and dowels."""

from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    BLACK,
    DARK_STEEL,
    INK,
    RED,
    STEEL,
    WHITE,
    YELLOW_ZINC,
    ZINC,
    Canvas,
    shade,
)

_FINISHES: Final = MappingProxyType(
    {"оц.": ZINC, "жёлт.оц.": YELLOW_ZINC, "б/п": "#7d8894", "А2": "#dfe5ea", "фосф.": "#555e68"}
)


def bolt(canvas: Canvas, variant: str) -> None:
    """Draw a hexagon bolt."""
    colour = _FINISHES[variant]
    canvas.box(60, 158, 84, 56, shade(colour, 118))
    canvas.box(60, 212, 84, 60, shade(colour, 100))
    canvas.box(60, 270, 84, 54, shade(colour, 74))
    canvas.line([(62, 159), (62, 322)], shade(colour, 62), 4)
    canvas.thread(144, 194, 270, 94, colour)
    canvas.shape([(414, 194), (432, 208), (432, 274), (414, 288)], shade(colour, 78))
    canvas.turn(32)


def nut(canvas: Canvas, variant: str) -> None:
    """Draw a hexagon nut."""
    colour = _FINISHES[variant]
    canvas.shadow(420)
    canvas.hexagon(240, 256, 170, shade(colour, 62))
    canvas.hexagon(240, 236, 170, shade(colour, 108), edge=shade(colour, 62))
    canvas.disc(240, 236, 128, shade(colour, 96), edge=shade(colour, 80))
    for radius in (84, 78, 72):
        canvas.disc(240, 236, radius, shade(colour, 66 if radius % 4 else 88))
    canvas.disc(240, 238, 68, "#ffffff", edge=shade(colour, 56))


def washer(canvas: Canvas, variant: str) -> None:
    """Draw two washers, one behind the other."""
    colour = _FINISHES[variant]
    canvas.ring(286, 196, 128, 62, shade(colour, 88))
    canvas.ring(206, 274, 152, 74, colour)


def screw(canvas: Canvas, variant: str) -> None:
    """Draw a machine screw: socket head, pan head or countersunk."""
    colour = ZINC
    if variant.endswith("шестигранник"):
        colour = DARK_STEEL
        canvas.rod(70, 164, 96, 152, colour)
        canvas.hexagon(96, 240, 0.1, colour)
        for y in range(174, 310, 12):
            canvas.line([(74, y), (160, y)], shade(colour, 76), 2)
    elif variant.endswith("потай"):
        canvas.shape(
            [(76, 150), (92, 150), (170, 200), (170, 280), (92, 330), (76, 330)],
            shade(colour, 104),
            edge=shade(colour, 70),
        )
    else:
        canvas.disc(150, 240, 80, shade(colour, 104), edge=shade(colour, 70))
        canvas.box(144, 150, 100, 180, "#ffffff")
    canvas.thread(144, 200, 276, 80, colour, pitch=10)
    canvas.turn(32)


def rod(canvas: Canvas, variant: str) -> None:
    """Draw three threaded rods."""
    colour = _FINISHES[variant]
    for y, height in ((120, 40), (204, 52), (304, 64)):
        canvas.thread(24, y, 432, height, colour, pitch=16)
    canvas.turn(16)


def _pointed(canvas: Canvas, colour: str, head: int) -> None:
    canvas.thread(head, 212, 250, 56, colour, pitch=17)
    for x in range(head, head + 250, 17):
        canvas.line([(x + 14, 203), (x, 277)], shade(colour, 82), 5)
    canvas.shape([(head + 248, 213), (head + 330, 240), (head + 248, 267)], shade(colour, 92))


def selftap(canvas: Canvas, variant: str) -> None:
    """Draw a self-tapping screw with a countersunk head."""
    colour = _FINISHES[variant]
    _pointed(canvas, colour, 120)
    canvas.shape(
        [(54, 168), (68, 168), (126, 216), (126, 264), (68, 312), (54, 312)],
        shade(colour, 108),
        edge=shade(colour, 70),
    )
    canvas.line([(56, 224), (78, 240), (56, 256)], shade(colour, 52), 6)
    canvas.turn(32)


def roofing(canvas: Canvas, variant: str) -> None:
    """Draw a roofing screw with its rubber washer."""
    _pointed(canvas, ZINC, 128)
    canvas.box(112, 160, 16, 160, BLACK, radius=4)
    canvas.box(92, 160, 22, 160, shade(RED, 84), radius=6)
    canvas.box(46, 196, 48, 40, shade(RED, 112))
    canvas.box(46, 234, 48, 52, RED)
    canvas.turn(32)


def nail(canvas: Canvas, variant: str) -> None:
    """Draw nails."""
    colour = _FINISHES[variant]
    for place, y in enumerate((126, 222, 318)):
        shift = (place % 2) * 34
        canvas.rod(70 + shift, y, 300, 24, colour)
        canvas.shape([(370 + shift, y), (420 + shift, y + 12), (370 + shift, y + 24)], shade(colour, 84))
        canvas.box(56 + shift, y - 18, 16, 60, shade(colour, 88), radius=5)
        for x in (84, 94, 104):
            canvas.line([(x + shift, y + 3), (x + shift, y + 21)], shade(colour, 62), 3)
    canvas.turn(24)


def anchor(canvas: Canvas, variant: str) -> None:
    """Draw an expansion anchor with its nut."""
    canvas.thread(40, 206, 150, 68, ZINC)
    canvas.rod(180, 206, 110, 68, ZINC)
    canvas.rod(280, 196, 96, 88, shade(ZINC, 92))
    for y in (218, 240, 262):
        canvas.line([(300, y), (376, y)], shade(ZINC, 60), 4)
    canvas.shape([(376, 208), (440, 192), (440, 288), (376, 272)], shade(STEEL, 96))
    canvas.box(142, 164, 14, 152, shade(ZINC, 78), radius=3)
    canvas.box(92, 176, 50, 44, shade(ZINC, 116))
    canvas.box(92, 218, 50, 44, ZINC)
    canvas.box(92, 260, 50, 44, shade(ZINC, 72))
    canvas.turn(32)


def dowel(canvas: Canvas, variant: str) -> None:
    """Draw a plastic dowel, with a nail or a plate where it has one."""
    colour = "#e8833a" if variant == "фасадный" else "#cfd6de"
    if variant == "для теплоизоляции":
        canvas.box(60, 90, 26, 300, WHITE, radius=8, edge=STEEL)
    elif variant != "распорный":
        canvas.box(60, 168, 22, 144, shade(colour, 90), radius=8, edge=shade(colour, 66))
    canvas.rod(80, 202, 290, 76, colour)
    for x in range(170, 360, 32):
        canvas.shape([(x, 202), (x + 22, 202), (x + 11, 188)], shade(colour, 82))
        canvas.shape([(x, 278), (x + 22, 278), (x + 11, 292)], shade(colour, 70))
    canvas.line([(176, 240), (370, 240)], shade(colour, 56), 6)
    canvas.shape([(368, 203), (420, 222), (420, 258), (368, 277)], shade(colour, 86))
    if variant.startswith("гвоздь"):
        canvas.rod(28, 228, 40, 24, STEEL)
        canvas.box(20, 212, 14, 56, DARK_STEEL, radius=4)
    canvas.line([(84, 206), (84, 274)], INK if variant == "распорный" else shade(colour, 66), 3)
    canvas.turn(32)


SHAPES: Final = MappingProxyType(
    {
        "bolt": bolt,
        "nut": nut,
        "washer": washer,
        "screw": screw,
        "rod": rod,
        "selftap": selftap,
        "roofing": roofing,
        "nail": nail,
        "anchor": anchor,
        "dowel": dowel,
    }
)
