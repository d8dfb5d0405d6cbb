"""Drawings of lamps and luminaires."""

from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    BLACK,
    DARK_STEEL,
    GREY,
    INK,
    STEEL,
    WHITE,
    YELLOW,
    Canvas,
    shade,
)

_GLOW: Final = "#fff4cf"
_BODIES: Final = MappingProxyType({"чёрный": BLACK, "серый": "#8d98a4", "белый": "#eef1f4"})


def _base(canvas: Canvas, y: float, width: float) -> None:
    left = 240 - width / 2
    canvas.rod(left, y, width, 74, STEEL, upright=True)
    for step in range(4):
        canvas.line(
            [(left + 2, y + 14 + step * 17), (left + width - 2, y + 8 + step * 17)], shade(STEEL, 66), 4
        )
    canvas.shape([(left + 8, y + 74), (left + width - 8, y + 74), (252, y + 94), (228, y + 94)], INK)


def bulb(canvas: Canvas, variant: str) -> None:
    """Draw a lamp of one of the usual shapes."""
    if variant == "GX53":
        canvas.disc(240, 270, 170, "#dfe4e9", flat=0.5, edge=GREY)
        canvas.disc(240, 234, 170, WHITE, flat=0.5, edge=GREY)
        canvas.disc(240, 230, 142, _GLOW, flat=0.5)
        for x in (180, 300):
            canvas.box(x - 9, 346, 18, 34, STEEL, radius=4)
        return
    top, width = {"A60": (150, 116), "C37": (160, 84), "G45": (160, 92), "R63": (140, 140)}[variant]
    canvas.shape(
        [(240 - width * 0.8, top + 54), (240 + width * 0.8, top + 54), (286, 332), (194, 332)],
        WHITE,
        edge=GREY,
    )
    if variant == "C37":
        canvas.shape([(240, 44), (240 + width, top + 20), (240, top + 96), (240 - width, top + 20)], _GLOW)
    canvas.disc(240, top + 20, width, _GLOW, edge=shade(YELLOW, 106), flat=0.72 if variant == "R63" else 1)
    canvas.disc(240 - width * 0.3, top - width * 0.12, width * 0.3, "#fffdf4")
    canvas.box(192, 296, 96, 48, "#e3e8ed", radius=10, edge=GREY)
    _base(canvas, 344, 72)


def tube(canvas: Canvas, variant: str) -> None:
    """Draw two linear lamps."""
    for y in (176, 256):
        canvas.rod(70, y, 340, 44, "#fbf3d8")
        for x, pin in ((38, 22), (404, 458)):
            canvas.rod(x, y - 2, 38, 48, "#cfd6dd")
            for offset in (12, 30):
                canvas.line(
                    [(pin, y + offset), (pin + (16 if pin < 240 else -14), y + offset)], DARK_STEEL, 5
                )
    canvas.turn(22)


def panel(canvas: Canvas, variant: str) -> None:
    """Draw a flat ceiling panel."""
    canvas.shape([(60, 300), (250, 110), (430, 180), (240, 390)], "#dfe4e9", edge=GREY)
    canvas.shape([(84, 300), (250, 134), (406, 186), (240, 364)], _GLOW, edge=shade(YELLOW, 106))
    canvas.shape([(60, 300), (240, 390), (240, 404), (60, 314)], "#c3ccd4")
    canvas.shape([(240, 390), (430, 180), (430, 194), (240, 404)], "#aab4be")


def floodlight(canvas: Canvas, variant: str) -> None:
    """Draw a floodlight on its bracket."""
    colour = _BODIES[variant]
    canvas.shadow(434)
    canvas.line([(112, 250), (112, 400), (368, 400), (368, 250)], DARK_STEEL, 16)
    canvas.box(90, 80, 300, 250, colour, radius=16, edge=shade(colour, 66))
    canvas.box(116, 106, 248, 186, "#dfe6ec", radius=8, edge=INK)
    canvas.box(130, 120, 220, 158, _GLOW, radius=5)
    for row in range(4):
        for place in range(6):
            canvas.disc(150 + place * 36, 140 + row * 38, 8, YELLOW)
    canvas.box(200, 302, 80, 12, shade(colour, 80), radius=4)


def linear(canvas: Canvas, variant: str) -> None:
    """Draw a sealed linear luminaire."""
    canvas.rod(40, 176, 400, 62, "#b8c1ca")
    canvas.rod(40, 232, 400, 70, "#fdf3d2")
    for x in (40, 424):
        canvas.box(x, 170, 16, 140, "#8f9aa5", radius=4)
    for x in (130, 350):
        canvas.box(x - 12, 158, 24, 30, STEEL, radius=4, edge=GREY)
    canvas.line([(24, 206), (40, 206)], BLACK, 12)
    canvas.turn(14)


SHAPES: Final = MappingProxyType(
    {"bulb": bulb, "tube": tube, "panel": panel, "floodlight": floodlight, "linear": linear}
)
