"""Drawn pictures of goods."""


def draw(drawing: str) -> bytes:
    return b""
