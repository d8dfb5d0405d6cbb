"""Drawings of breakers, enclosures, sockets and switches."""

from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    BLACK,
    BLUE,
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

_BODY: Final = "#e9edf1"


def _module(canvas: Canvas, x: float, width: float, lever: str) -> None:
    canvas.box(x, 70, width, 320, _BODY, radius=8, edge=GREY)
    canvas.box(x, 150, width, 160, "#f4f6f8", edge=GREY)
    for y in (110, 350):
        canvas.disc(x + width / 2, y, 19, "#c3cbd3", edge=GREY)
        canvas.line([(x + width / 2 - 11, y - 6), (x + width / 2 + 11, y + 6)], DARK, 4)
    canvas.box(x + width / 2 - 18, 204, 36, 62, shade(lever, 70), radius=5)
    canvas.box(x + width / 2 - 18, 204, 36, 40, lever, radius=5)
    canvas.box(x + width / 2 - 14, 170, 28, 14, GREEN, radius=3)


DARK: Final = "#7a8691"


def breaker(canvas: Canvas, variant: str) -> None:
    """Draw a breaker of one to four poles: «3:black»."""
    poles = int(variant.split(":")[0])
    width = 84
    left = 240 - poles * width / 2
    canvas.shadow(408, 60 + poles * 42)
    for place in range(poles):
        _module(canvas, left + place * width, width, BLACK)
    if poles > 1:
        canvas.box(left + 26, 214, poles * width - 52, 16, BLACK, radius=6)


def rcd(canvas: Canvas, variant: str) -> None:
    """Draw a residual current device with its test button."""
    modules = int(variant)
    width = 84
    left = 240 - modules * width / 2
    canvas.shadow(408, 60 + modules * 42)
    canvas.box(left, 70, modules * width, 320, _BODY, radius=8, edge=GREY)
    canvas.box(left, 150, modules * width, 160, "#f4f6f8", edge=GREY)
    for place in range(modules):
        for y in (110, 350):
            canvas.disc(left + width / 2 + place * width, y, 19, "#c3cbd3", edge=GREY)
            x = left + width / 2 + place * width
            canvas.line([(x - 11, y - 6), (x + 11, y + 6)], DARK, 4)
    canvas.box(left + 22, 196, 40, 74, shade(BLUE, 70), radius=5)
    canvas.box(left + 22, 196, 40, 48, BLUE, radius=5)
    canvas.box(left + 86, 204, 58, 38, YELLOW, radius=5, edge=shade(YELLOW, 74))
    canvas.line([(left + 104, 223), (left + 126, 223)], INK, 5)
    canvas.box(left + 86, 262, 66, 8, "#c8d0d8", radius=3)


def mccb(canvas: Canvas, variant: str) -> None:
    """Draw a moulded case breaker."""
    canvas.shadow(432)
    canvas.box(110, 44, 260, 384, "#5b6570", radius=12, edge=INK)
    canvas.box(110, 126, 260, 220, "#727d89", edge=INK)
    for place in range(3):
        for y in (58, 360):
            canvas.box(126 + place * 80, y, 68, 54, "#3d4650", radius=6)
            canvas.disc(160 + place * 80, y + 27, 16, STEEL)
    canvas.box(190, 160, 100, 150, "#3a434d", radius=8)
    canvas.box(206, 176, 68, 60, INK, radius=6)
    canvas.box(212, 168, 56, 46, "#20262d", radius=6)
    canvas.box(128, 262, 48, 26, "#e9edf1", radius=3)
    canvas.disc(330, 272, 13, RED)


def contactor(canvas: Canvas, variant: str) -> None:
    """Draw a contactor."""
    canvas.shadow(416)
    canvas.box(104, 90, 272, 306, "#dfe4ea", radius=10, edge=GREY)
    canvas.box(136, 150, 208, 186, "#4b5560", radius=8)
    canvas.box(196, 196, 88, 92, "#2f3740", radius=6)
    canvas.box(212, 210, 56, 62, "#8d99a5", radius=4)
    for place in range(4):
        for y in (102, 352):
            canvas.disc(140 + place * 67, y + 18, 20, "#c3cbd3", edge=GREY)
            canvas.line([(129 + place * 67, y + 12), (151 + place * 67, y + 24)], DARK, 4)
    canvas.box(150, 162, 70, 12, WHITE, radius=3)


def relay(canvas: Canvas, variant: str) -> None:
    """Draw a modular relay with knobs."""
    canvas.shadow(416, 100)
    canvas.box(172, 64, 136, 336, _BODY, radius=8, edge=GREY)
    for y in (96, 366):
        for x in (206, 274):
            canvas.disc(x, y, 17, "#c3cbd3", edge=GREY)
            canvas.line([(x - 9, y - 6), (x + 9, y + 6)], DARK, 4)
    canvas.box(182, 130, 116, 204, "#3f4a55", radius=6)
    for y in (180, 246):
        canvas.disc(240, y, 25, "#dfe4ea", edge=INK)
        canvas.line([(240, y), (254, y - 14)], RED, 5)
    canvas.disc(212, 308, 8, GREEN)
    canvas.disc(240, 308, 8, YELLOW)
    canvas.disc(268, 308, 8, RED)


def meter(canvas: Canvas, variant: str) -> None:
    """Draw an electricity meter."""
    width = 300 if variant.startswith("3") else 220
    left = 240 - width / 2
    canvas.shadow(432)
    canvas.box(left, 56, width, 360, "#eef1f4", radius=20, edge=GREY)
    canvas.box(left, 320, width, 96, "#d6dce2", radius=14, edge=GREY)
    canvas.box(left + 28, 96, width - 56, 84, "#c9d8c4", radius=8, edge=INK)
    for place in range(5):
        x = left + 44 + place * (width - 96) / 4.4
        canvas.line([(x, 118), (x, 158)], INK, 6)
        canvas.line([(x + 16, 118), (x + 16, 158)], INK, 6)
        canvas.line([(x, 118), (x + 16, 118)], INK, 6)
        canvas.line([(x, 158), (x + 16, 158)], INK, 6)
    canvas.box(left + 28, 206, width - 56, 12, "#c8d0d8", radius=4)
    canvas.box(left + 28, 232, (width - 56) * 0.6, 12, "#c8d0d8", radius=4)
    canvas.disc(left + width - 48, 270, 10, RED)
    for place in range(8 if width > 250 else 4):
        canvas.disc(left + 34 + place * (width - 68) / (7 if width > 250 else 3), 368, 12, INK)


def box(canvas: Canvas, variant: str) -> None:
    """Draw an enclosure: with modules behind a door, or a steel one."""
    modules, tint = variant.split(":")
    canvas.shadow(436)
    if tint == "grey":
        canvas.box(110, 40, 260, 390, "#b9c2cb", radius=6, edge=DARK)
        canvas.box(126, 56, 228, 358, "#c8d0d8", radius=4, edge=DARK)
        canvas.disc(334, 234, 15, INK)
        canvas.line([(334, 226), (334, 242)], STEEL, 4)
        canvas.shape(
            [(240, 96), (206, 160), (236, 160), (222, 206), (276, 138), (244, 138), (256, 96)],
            YELLOW,
            edge=INK,
        )
        return
    rows = 1 if int(modules) <= 12 else int(modules) // 12 + (int(modules) % 12 > 0)
    height = 170 + rows * 78
    top = 430 - height
    canvas.box(70, top, 340, height, WHITE, radius=16, edge=GREY)
    canvas.box(92, top + 24, 296, height - 48, "#dce8f2", radius=8, edge=GREY)
    for row in range(rows):
        y = top + 56 + row * 78
        canvas.box(108, y, 264, 56, "#f4f6f8", edge=GREY)
        count = min(int(modules), 12)
        for place in range(count):
            x = 112 + place * 256 / count
            canvas.box(x + 2, y + 8, 256 / count - 4, 40, "#cfd6de", radius=2)
            canvas.box(x + 128 / count - 4, y + 20, 8, 16, BLACK, radius=1)


def socket(canvas: Canvas, variant: str) -> None:
    """Draw a socket; IP44 has a lid."""
    canvas.box(80, 80, 320, 320, "#f1f3f5", radius=26, edge=GREY)
    canvas.box(112, 112, 256, 256, WHITE, radius=18, edge="#d0d7de")
    canvas.disc(240, 240, 102, "#e2e7ec", edge=GREY)
    canvas.disc(240, 246, 94, "#cfd6dd")
    for x in (202, 278):
        canvas.disc(x, 240, 14, INK)
    for y in (150, 318):
        canvas.box(226, y, 28, 16, STEEL, radius=4, edge=GREY)
    if variant == "IP44":
        canvas.shape([(92, 148), (388, 148), (402, 60), (78, 60)], "#e4e9ee", edge=GREY)
        canvas.box(206, 68, 68, 12, "#cdd5dc", radius=5)


def switch(canvas: Canvas, variant: str) -> None:
    """Draw a switch of one to three keys."""
    keys = int(variant[0])
    canvas.box(80, 80, 320, 320, "#f1f3f5", radius=26, edge=GREY)
    width = 256 / keys
    for place in range(keys):
        x = 112 + place * width
        canvas.box(x + 1, 112, width - 2, 256, "#e3e8ed", radius=10, edge="#c3ccd4")
        canvas.box(x + 1, 112, width - 2, 122, "#f4f6f8", radius=10, edge="#d3dae1")
    canvas.disc(240, 352, 5, ORANGE)


def frame(canvas: Canvas, variant: str) -> None:
    """Draw a frame of one to five posts."""
    posts = int(variant[0])
    side = 400 / max(posts, 1.6)
    left, top = 240 - side * posts / 2, 240 - side / 2
    canvas.box(left, top, side * posts, side, "#eef1f4", radius=16, edge=GREY)
    for place in range(posts):
        inset = side * 0.16
        canvas.box(
            left + side * place + inset,
            top + inset,
            side - inset * 2,
            side - inset * 2,
            "#ffffff",
            radius=8,
            edge=GREY,
        )


def extension(canvas: Canvas, variant: str) -> None:
    """Draw an extension lead with its sockets and wire."""
    count = int(variant[0])
    width = 40 + count * 64
    left = 240 - width / 2
    canvas.line([(left + 10, 210), (44, 250), (60, 350), (200, 392), (330, 372)], "#d4dae0", 14)
    canvas.box(330, 346, 66, 50, "#e6eaee", radius=12, edge=GREY)
    canvas.line([(396, 360), (428, 360)], STEEL, 8)
    canvas.line([(396, 382), (428, 382)], STEEL, 8)
    canvas.box(left, 140, width, 120, WHITE, radius=22, edge=GREY)
    for place in range(count):
        x = left + 20 + 32 + place * 64
        canvas.disc(x, 200, 28, "#dfe4e9", edge=GREY)
        canvas.disc(x - 10, 200, 5, INK)
        canvas.disc(x + 10, 200, 5, INK)


def plug(canvas: Canvas, variant: str) -> None:
    """Draw an industrial connector: blue for one phase, red for three."""
    colour = BLUE if variant.startswith("2") else RED
    canvas.box(60, 196, 150, 88, "#4a545f", radius=26)
    canvas.line([(70, 240), (20, 262)], BLACK, 26)
    canvas.rod(200, 150, 190, 180, colour)
    canvas.disc(390, 240, 90, shade(colour, 84), edge=shade(colour, 60))
    canvas.disc(390, 240, 72, shade(colour, 58))
    pins = {"2P+PE": 3, "3P+PE": 4, "3P+PE+N": 5}[variant]
    for place, (x, y) in enumerate(((390, 196), (430, 232), (350, 232), (412, 280), (368, 280))):
        if place < pins:
            canvas.disc(x, y, 12, STEEL, edge=INK)
    canvas.box(240, 128, 84, 30, shade(colour, 80), radius=8)


SHAPES: Final = MappingProxyType(
    {
        "breaker": breaker,
        "rcd": rcd,
        "mccb": mccb,
        "contactor": contactor,
        "relay": relay,
        "meter": meter,
        "box": box,
        "socket": socket,
        "switch": switch,
        "frame": frame,
        "extension": extension,
        "plug": plug,
    }
)
