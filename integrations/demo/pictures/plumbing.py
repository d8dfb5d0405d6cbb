"""Drawings of pipes, fittings, valves, radiators and sanitary goods."""

from itertools import pairwise
from types import MappingProxyType
from typing import Final

from integrations.demo.pictures.canvas import (
    BLACK,
    BLUE,
    BRASS,
    DARK_STEEL,
    GREY,
    INK,
    RED,
    STEEL,
    WHITE,
    YELLOW,
    ZINC,
    Canvas,
    Point,
    shade,
)

_PIPES: Final = MappingProxyType(
    {"белая": "#eef1f4", "серая": "#b3bcc5", "серый": "#9aa4ae", "рыжий": "#c8763c", "красный": RED}
)
_TAPS: Final = MappingProxyType({"хром": "#cbd3da", "чёрный": BLACK, "бронза": "#a5763e"})


def pipe(canvas: Canvas, variant: str) -> None:
    """Draw three lengths of a pressure pipe."""
    colour = _PIPES[variant]
    for place, (y, size) in enumerate(((104, 62), (192, 78), (296, 92))):
        right = 350 + place * 16
        canvas.rod(20, y, right - 20, size, shade(colour, 94))
        canvas.line([(24, y + size * 0.34), (right - 20, y + size * 0.34)], BLUE, 3)
        canvas.disc(right, y + size / 2, size / 2, shade(colour, 92), edge=GREY)
        canvas.disc(right, y + size / 2, size * 0.31, "#6d7883")
    canvas.turn(20)


def insulation(canvas: Canvas, variant: str) -> None:
    """Draw tubes of foam."""
    colour = _PIPES[variant]
    for y, size in ((110, 96), (240, 128)):
        canvas.rod(30, y, 350, size, colour)
        canvas.line([(36, y + size * 0.6), (376, y + size * 0.6)], shade(colour, 60), 2)
        canvas.disc(380, y + size / 2, size / 2, shade(colour, 108), edge=shade(colour, 66))
        canvas.disc(380, y + size / 2, size * 0.26, "#4d5660")
    canvas.turn(18)


def fitting(canvas: Canvas, variant: str) -> None:
    """Draw a welded fitting: coupling, elbow, tee or cap."""
    colour = "#e3e8ed"
    canvas.shadow(430, 130)
    if variant.startswith("Угольник"):
        canvas.rod(150, 170, 120, 250, colour, upright=True)
        canvas.rod(200, 110, 200, 120, colour)
        canvas.disc(212, 172, 63, shade(colour, 104))
        canvas.rod(136, 350, 148, 70, colour, upright=True)
        canvas.rod(344, 96, 62, 148, colour)
        canvas.disc(406, 170, 74, shade(colour, 88), edge=GREY, flat=1)
        canvas.disc(406, 170, 46, "#66717c")
    elif variant == "Тройник":
        canvas.rod(70, 120, 330, 120, colour)
        canvas.rod(180, 220, 120, 190, colour, upright=True)
        canvas.rod(166, 340, 148, 72, colour, upright=True)
        canvas.rod(54, 106, 66, 148, colour)
        canvas.rod(350, 106, 60, 148, colour)
        canvas.disc(410, 180, 74, shade(colour, 88), edge=GREY)
        canvas.disc(410, 180, 46, "#66717c")
    else:
        canvas.rod(96, 150, 280, 180, colour)
        canvas.rod(210, 140, 40, 200, shade(colour, 90))
        canvas.disc(376, 240, 90, shade(colour, 88), edge=GREY)
        if variant == "Заглушка":
            canvas.disc(376, 240, 58, shade(colour, 104), edge=GREY)
        else:
            canvas.disc(376, 240, 58, "#66717c")
        if variant == "Муфта разъёмная":
            canvas.rod(160, 126, 76, 228, BRASS)


def brass(canvas: Canvas, variant: str) -> None:
    """Draw a threaded coupling."""
    colour = BRASS if variant == "латунь" else ZINC
    canvas.thread(40, 176, 120, 128, colour, pitch=12)
    canvas.box(150, 138, 130, 70, shade(colour, 118))
    canvas.box(150, 206, 130, 70, colour)
    canvas.box(150, 274, 130, 68, shade(colour, 72))
    canvas.rod(276, 160, 110, 160, colour)
    canvas.disc(386, 240, 80, shade(colour, 88), edge=shade(colour, 60))
    canvas.disc(386, 240, 56, shade(colour, 48))
    canvas.turn(18)


def valve(canvas: Canvas, variant: str) -> None:
    """Draw a ball valve with a lever or a butterfly handle."""
    canvas.rod(130, 232, 220, 130, ZINC)
    canvas.disc(240, 297, 84, shade(ZINC, 104), edge=shade(ZINC, 66))
    for x in (60, 350):
        canvas.box(x, 212, 70, 58, shade(ZINC, 118))
        canvas.box(x, 268, 70, 58, ZINC)
        canvas.box(x, 324, 70, 54, shade(ZINC, 72))
    canvas.disc(420, 295, 60, shade(ZINC, 84), edge=DARK_STEEL, flat=1.3)
    canvas.disc(420, 295, 40, "#66717c", flat=1.3)
    canvas.rod(216, 168, 48, 70, BRASS, upright=True)
    if variant == "рычаг":
        canvas.line([(236, 156), (380, 128), (446, 122)], RED, 28)
        canvas.line([(300, 140), (440, 118)], shade(RED, 118), 6)
    else:
        canvas.line([(150, 132), (240, 158), (330, 132)], RED, 36)
        canvas.line([(156, 124), (240, 148), (324, 124)], shade(RED, 118), 6)


def strainer(canvas: Canvas, variant: str) -> None:
    """Draw a slanted strainer."""
    canvas.rod(70, 160, 330, 120, BRASS)
    canvas.shape([(190, 250), (290, 210), (356, 372), (256, 414)], shade(BRASS, 92), edge=shade(BRASS, 60))
    canvas.shape([(240, 388), (362, 338), (378, 378), (256, 428)], shade(BRASS, 110), edge=shade(BRASS, 60))
    for x in (44, 372):
        canvas.box(x, 144, 60, 52, shade(BRASS, 118))
        canvas.box(x, 194, 60, 54, BRASS)
        canvas.box(x, 246, 60, 50, shade(BRASS, 72))
    canvas.shape(
        [(170, 212), (230, 212), (230, 200), (256, 222), (230, 244), (230, 232), (170, 232)], shade(BRASS, 56)
    )


def radiator(canvas: Canvas, variant: str) -> None:
    """Draw a radiator by the number of its sections."""
    count = int(variant)
    width = min(44, 400 / count)
    left = 240 - width * count / 2
    canvas.shadow(424, 60 + count * 13)
    for place in range(count):
        x = left + place * width
        canvas.box(x + 1, 96, width - 3, 308, "#f1f3f5", radius=8, edge="#b7c0c9")
        canvas.box(x + width * 0.58, 128, width * 0.22, 246, "#d9dfe5", radius=3)
        canvas.box(x + width * 0.2, 110, width * 0.6, 7, "#cbd3da", radius=3)
    for y in (124, 362):
        canvas.box(left - 16, y, 16, 28, STEEL, radius=3)


def pump(canvas: Canvas, variant: str) -> None:
    """Draw a pump: for heating, for a well or for drainage."""
    if variant == "скважинный":
        canvas.shadow(450, 70)
        canvas.rod(186, 60, 108, 380, "#d2d9e0", upright=True)
        canvas.box(186, 210, 108, 22, DARK_STEEL)
        canvas.box(196, 44, 88, 24, BLUE, radius=6)
        canvas.line([(240, 44), (240, 12)], BLACK, 10)
        for y in (246, 258, 270):
            canvas.line([(196, y), (284, y)], INK, 4)
    elif variant == "дренажный":
        canvas.shadow(442, 110)
        canvas.rod(150, 130, 180, 230, BLUE, upright=True)
        canvas.box(136, 352, 208, 74, BLACK, radius=12)
        canvas.box(180, 86, 120, 48, BLACK, radius=16)
        canvas.line([(330, 250), (392, 240), (408, 170)], GREY, 24)
        canvas.line([(160, 160), (110, 230), (84, 300)], BLACK, 8)
        canvas.box(60, 296, 46, 70, YELLOW, radius=14, edge=INK)
    else:
        canvas.rod(40, 262, 400, 84, "#c3402f")
        for x in (30, 420):
            canvas.box(x, 240, 30, 130, shade(RED, 74), radius=4)
        canvas.disc(240, 250, 130, shade(RED, 82))
        canvas.disc(240, 240, 112, RED)
        canvas.disc(240, 232, 74, INK)
        canvas.disc(240, 232, 46, STEEL)
        canvas.box(196, 94, 88, 56, BLACK, radius=10)


def sewer(canvas: Canvas, variant: str) -> None:
    """Draw a sewer pipe with its socket."""
    colour = _PIPES[variant]
    canvas.rod(20, 184, 300, 112, colour)
    canvas.rod(290, 166, 90, 148, colour)
    canvas.box(340, 156, 24, 168, shade(colour, 84), radius=8)
    canvas.disc(380, 240, 74, shade(colour, 92), edge=shade(colour, 60))
    canvas.disc(380, 240, 56, shade(colour, 44))
    canvas.turn(24)


def sewerbend(canvas: Canvas, variant: str) -> None:
    """Draw a bend of a sewer pipe."""
    colour = _PIPES[variant]
    canvas.shadow(440, 110)
    canvas.rod(140, 220, 130, 200, colour, upright=True)
    canvas.disc(206, 210, 66, shade(colour, 106))
    canvas.shape([(160, 164), (320, 70), (392, 176), (240, 262)], shade(colour, 108))
    canvas.shape([(206, 262), (270, 220), (270, 240), (240, 262)], shade(colour, 72))
    canvas.shape([(300, 54), (352, 28), (442, 160), (388, 190)], shade(colour, 92), edge=shade(colour, 66))
    canvas.rod(140, 396, 130, 26, shade(colour, 76), upright=True)


def faucet(canvas: Canvas, variant: str) -> None:
    """Draw a mixer tap."""
    colour = _TAPS[variant]
    canvas.shadow(430, 110)
    canvas.rod(190, 200, 84, 216, colour, upright=True)
    canvas.box(166, 400, 132, 22, shade(colour, 78), radius=8)
    canvas.line([(240, 230), (300, 196), (390, 208), (404, 262)], shade(colour, 78), 46)
    canvas.line([(240, 226), (300, 190), (390, 204), (402, 258)], shade(colour, 112), 22)
    canvas.box(380, 256, 48, 18, DARK_STEEL, radius=5)
    canvas.disc(232, 200, 46, shade(colour, 106), edge=shade(colour, 70))
    canvas.line([(224, 184), (150, 104)], shade(colour, 80), 26)
    canvas.line([(222, 178), (152, 102)], shade(colour, 116), 10)


def siphon(canvas: Canvas, variant: str) -> None:
    """Draw a bottle trap."""
    canvas.disc(240, 74, 86, ZINC, edge=DARK_STEEL, flat=0.26)
    canvas.rod(208, 80, 64, 120, WHITE, upright=True)
    canvas.box(190, 178, 100, 36, "#dbe1e7", radius=8, edge=GREY)
    canvas.rod(172, 212, 136, 150, "#f0f3f5", upright=True)
    canvas.box(160, 354, 160, 50, "#dbe1e7", radius=14, edge=GREY)
    canvas.rod(300, 240, 140, 56, "#e8ecf0")
    canvas.box(322, 230, 34, 76, "#dbe1e7", radius=8, edge=GREY)


def hose(canvas: Canvas, variant: str) -> None:
    """Draw a braided hose, with a blue thread for water and a yellow one for gas."""
    mark = YELLOW if variant == "газ" else BLUE
    path: list[Point] = [(70, 130), (130, 330), (240, 350), (300, 200), (370, 130), (420, 330)]
    smooth: list[Point] = [_curve(path, step / 60) for step in range(61)]
    canvas.line(smooth, DARK_STEEL, 38)
    canvas.line(smooth, "#c3ccd4", 32)
    for place in range(1, 60):
        x, y = smooth[place]
        canvas.line([(x - 8, y - 8), (x + 8, y + 8)], mark if place % 3 == 0 else "#8d98a4", 3)
    for x, y in (smooth[0], smooth[-1]):
        canvas.box(x - 30, y - 34, 60, 58, BRASS, radius=6, edge=shade(BRASS, 66))
        canvas.line([(x - 10, y - 32), (x - 10, y + 22)], shade(BRASS, 74), 3)
        canvas.line([(x + 12, y - 32), (x + 12, y + 22)], shade(BRASS, 74), 3)


def _curve(path: list[Point], part: float) -> Point:
    """Return a point of the Bezier curve that the path controls."""
    points = path
    while len(points) > 1:
        points = [
            (left[0] + (right[0] - left[0]) * part, left[1] + (right[1] - left[1]) * part)
            for left, right in pairwise(points)
        ]
    return points[0]


SHAPES: Final = MappingProxyType(
    {
        "pipe": pipe,
        "insulation": insulation,
        "fitting": fitting,
        "brass": brass,
        "valve": valve,
        "filter": strainer,
        "radiator": radiator,
        "pump": pump,
        "sewer": sewer,
        "sewerbend": sewerbend,
        "faucet": faucet,
        "siphon": siphon,
        "hose": hose,
    }
)
