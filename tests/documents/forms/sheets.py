"""Printed papers read back."""

import html
import io
import re

from pypdf import PdfReader


def pages_of(document: bytes) -> list[str]:
    """Text of each page with every kind of space made one."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(document)).pages]


def is_landscape(document: bytes) -> bool:
    box = PdfReader(io.BytesIO(document)).pages[0].mediabox
    return box.width > box.height


def words_of(page: str) -> str:
    """What a person reads of an HTML page: no style, no tags, one space."""
    body = re.sub(r"<style>.*?</style>", " ", page, flags=re.DOTALL)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def missing(text: str, *parts: str) -> list[str]:
    return [part for part in parts if part not in text]
