"""Drawings of tools and of what protects people."""

from math import cos, pi, sin
from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    BLACK,
    BLUE,
    DARK_STEEL,
    GREEN,
    GREY,
    INK,
    ORANGE,
    RED,
    STEEL,
    WHITE,
    YELLOW,
    Canvas,
    shade,
)

_DISCS: Final = MappingProxyType({"металл": "#3f4750", "камень": "#6b5f52", "бетон и плитка": "#aab4be"})
_GLOVES: Final = MappingProxyType(
    {"без покрытия": "#efe9dc", "с ПВХ": BLUE, "с латексом": ORANGE, "с нитрилом": BLACK}
)
_HELMETS: Final = MappingProxyType(
    {"белая": "#eef1f4", "жёлтая": YELLOW, "красная": RED, "оранжевая": ORANGE, "синяя": BLUE}
)


def drill(canvas: Canvas, variant: str) -> None:
    """Draw a drill bit with the shank of its kind."""
    tip = DARK_STEEL if variant.startswith("SDS") else "#b8912f" if variant == "цилиндр" else STEEL
    canvas.rod(160, 206, 232, 68, STEEL)
    for x in range(166, 380, 36):
        canvas.shape([(x, 206), (x + 20, 206), (x + 46, 274), (x + 26, 274)], shade(STEEL, 58))
    canvas.shape([(392, 204), (450, 240), (392, 276)], tip)
    canvas.rod(50, 214, 112, 52, DARK_STEEL)
    if variant.startswith("SDS"):
        canvas.box(70, 232, 54, 16, INK, radius=6)
        canvas.box(150, 200, 16, 80, DARK_STEEL, radius=4)
    canvas.turn(30)


def disc(canvas: Canvas, variant: str) -> None:
    """Draw a cutting disc."""
    colour = _DISCS[variant]
    canvas.disc(240, 240, 184, shade(colour, 74))
    canvas.disc(240, 240, 179, colour)
    for turn in range(12):
        angle = pi * turn / 6
        near, far = (120, 176) if turn % 2 else (150, 176)
        canvas.line(
            [
                (240 + near * cos(angle), 240 + near * sin(angle)),
                (240 + far * cos(angle), 240 + far * sin(angle)),
            ],
            shade(colour, 114),
            3,
        )
    canvas.disc(240, 240, 96, RED if variant == "металл" else GREEN if variant == "камень" else BLUE)
    canvas.disc(240, 240, 84, "#f4f6f8")
    canvas.box(192, 186, 96, 9, INK, radius=4)
    canvas.box(204, 284, 72, 9, INK, radius=4)
    canvas.ring(240, 240, 40, 26, STEEL)


def bit(canvas: Canvas, variant: str) -> None:
    """Draw three screwdriver bits."""
    for place in range(3):
        y = 110 + place * 94
        canvas.box(90, y, 150, 26, shade(STEEL, 116))
        canvas.box(90, y + 24, 150, 22, STEEL)
        canvas.box(90, y + 44, 150, 20, shade(STEEL, 72))
        canvas.box(222, y + 8, 22, 48, DARK_STEEL)
        canvas.rod(240, y + 14, 110, 36, shade(STEEL, 92))
        canvas.shape([(350, y + 14), (396, y + 26), (396, y + 38), (350, y + 50)], shade(STEEL, 70))
        canvas.line([(352, y + 32), (392, y + 32)], INK, 3)
    canvas.turn(22)


def gloves(canvas: Canvas, variant: str) -> None:
    """Draw a pair of work gloves."""
    colour = _GLOVES[variant]
    for left in (64, 252):
        canvas.box(left + 24, 214, 120, 190, "#e6e0d2", radius=18, edge=GREY)
        for finger, top in enumerate((150, 120, 128, 158)):
            canvas.box(left + 24 + finger * 30, top, 28, 150, colour, radius=14, edge=shade(colour, 72))
        canvas.line([(left + 34, 300), (left + 4, 232)], shade(colour, 72), 30)
        canvas.line([(left + 34, 300), (left + 4, 232)], colour, 26)
        canvas.box(left + 22, 226, 124, 104, colour, radius=16)
        for y in (366, 382):
            canvas.line([(left + 30, y), (left + 138, y)], "#c9c2b2", 3)


def helmet(canvas: Canvas, variant: str) -> None:
    """Draw a hard hat."""
    colour = _HELMETS[variant]
    canvas.shadow(400, 170)
    canvas.disc(240, 280, 156, shade(colour, 88))
    canvas.disc(228, 268, 134, shade(colour, 104))
    canvas.box(70, 292, 340, 160, "#ffffff")
    canvas.shadow(400, 170)
    canvas.box(206, 116, 68, 180, shade(colour, 94), radius=24)
    canvas.box(222, 124, 16, 160, shade(colour, 114), radius=8)
    canvas.box(56, 282, 368, 34, shade(colour, 80), radius=17)
    canvas.box(56, 276, 368, 28, colour, radius=14, edge=shade(colour, 72))
    canvas.line([(120, 316), (150, 376), (240, 392)], INK, 6)


def firstaid(canvas: Canvas, variant: str) -> None:
    """Draw a first aid case."""
    canvas.shadow(424, 170)
    canvas.box(176, 92, 128, 60, "#ffffff", radius=18, edge=GREY)
    canvas.box(70, 128, 340, 276, RED, radius=24, edge=shade(RED, 72))
    canvas.box(70, 250, 340, 10, shade(RED, 80))
    canvas.disc(240, 262, 88, WHITE)
    canvas.box(222, 206, 36, 112, RED, radius=4)
    canvas.box(184, 244, 112, 36, RED, radius=4)


def book(canvas: Canvas, variant: str) -> None:
    """Draw a book of rules."""
    colour = "#2f5d8c" if variant.startswith("т") else "#5a8f6b"
    canvas.shadow(432, 150)
    canvas.box(124, 66, 250, 356, shade(colour, 70), radius=8)
    canvas.box(134, 74, 240, 338, "#f4f1e8", radius=4)
    canvas.box(106, 58, 250, 356, colour, radius=8)
    canvas.box(106, 58, 26, 356, shade(colour, 78), radius=8)
    canvas.shape([(246, 120), (204, 206), (238, 206), (222, 268), (290, 176), (252, 176), (266, 120)], YELLOW)
    canvas.box(168, 306, 150, 14, "#f4f6f8", radius=5)
    canvas.box(188, 332, 110, 12, "#d5dde5", radius=5)


SHAPES: Final = MappingProxyType(
    {
        "drill": drill,
        "disc": disc,
        "bit": bit,
        "gloves": gloves,
        "helmet": helmet,
        "firstaid": firstaid,
        "book": book,
    }
)
