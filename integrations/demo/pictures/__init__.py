"""Drawn pictures of goods: one per kind and variant, nothing copied from anybody."""

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Final

from integrations.demo.pictures import cables, fastening, light, panels, plumbing, tools
from integrations.demo.pictures.canvas import Canvas

SHAPES: Final[Mapping[str, Callable[[Canvas, str], None]]] = MappingProxyType(
    {
        **cables.SHAPES,
        **panels.SHAPES,
        **light.SHAPES,
        **fastening.SHAPES,
        **plumbing.SHAPES,
        **tools.SHAPES,
    }
)


def draw(drawing: str) -> bytes:
    """Draw «shape» or «shape:variant» as a PNG of 480 by 480.

    Raises KeyError when nobody knows how to draw it.
    """
    shape, _, variant = drawing.partition(":")
    canvas = Canvas()
    SHAPES[shape](canvas, variant)
    return canvas.png()
