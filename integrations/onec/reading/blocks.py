"""Goods or offers of a file as bytes: where each of them lies, and what tells it from another content."""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from mmap import ACCESS_READ, mmap
from pathlib import Path
from typing import Literal

from integrations.onec.reading.source import XmlSource
from integrations.onec.texts import joined_key, offer_key

_LARGEST = 256 * 1024**2  # a file is looked through in memory that grows with the number of its goods
_LARGEST_BLOCK = 16 * 1024**2
_LARGEST_READ = 16 * 1024**2
"""Up to this a file is read whole: bytes are searched many times faster in memory than in a mapped file."""
_LISTS: tuple[tuple[Literal["goods", "offers"], str, str], ...] = (
    ("goods", "Товары", "Товар"),
    ("offers", "Предложения", "Предложение"),
)
_OTHERS = "<Товар|:Товар|[<:]Предложени|<Документ|<Контейнер|<ИзмененияПакетаПредложений"
_SPACES = re.compile(rb"\s*")
_HARMLESS = bytes(code for code in range(256) if code >= 32 or code in b"\t\n\r")
_PIECE = 1024**2
# The parser does not see these: with them in it a tag is another one than its bytes say.
_TAG_WITH_CONTROLS = re.compile(rb"<[^<>\x00-\x08\x0b\x0c\x0e-\x1f]*+[\x00-\x08\x0b\x0c\x0e-\x1f]")


@dataclass(frozen=True, slots=True)
class Block:
    """A good or an offer: «good» or «good#characteristic», its bytes from `start` to `end`."""

    key: str
    digest: str
    start: int
    end: int
    lines: int

    @property
    def product_id(self) -> str:
        return self.key.partition("#")[0]


@dataclass(frozen=True, slots=True)
class BlockList:
    """The goods or the offers of a file, at least one."""

    kind: Literal["goods", "offers"]
    blocks: list[Block]


def blocks_of(path: Path, *, name: str, salt: bytes) -> BlockList | None:
    """Find the one list of a file, without parsing it; digests depend on `salt` (at most 64 bytes), too.

    None where bytes alone do not tell for sure where an element ends or what it means: two lists,
    elements within elements or without an id at their beginning, comments, CDATA, instructions, control
    characters in tags. None, too, for ИзмененияПакетаПредложений: what has changed does not come again as it
    was. Raises ExchangeRefusal for what is no XML.
    """
    with XmlSource(path, name=name) as source:
        encoding = source.encoding
    if path.stat().st_size > _LARGEST:
        return None
    with path.open("rb") as stream:
        if path.stat().st_size <= _LARGEST_READ:
            return _Look(stream.read(), encoding, salt).found()
        with mmap(stream.fileno(), 0, access=ACCESS_READ) as content:
            return _Look(content, encoding, salt).found()


class _Look:
    def __init__(self, content: bytes | mmap, encoding: str, salt: bytes) -> None:
        self._content, self._encoding, self._salt = content, encoding, salt

    def found(self) -> BlockList | None:
        content = self._content
        head = content.find(b"<")
        if self._has(b"<!", head) or self._has(b"<?", head + 1):
            return None
        if self._has_controls() and _TAG_WITH_CONTROLS.search(content, head):
            return None
        for kind, wrapper, tag in _LISTS:
            if content.find(self._bytes(f"<{wrapper}>")) < 0:
                continue
            opening = re.compile(self._bytes(f"<{wrapper}>") + rb"\s*(?=" + self._opening(tag) + rb")")
            if (begin := opening.search(content)) is not None:
                spans = list(self._spans(tag, begin.end()))
                if not spans or self._is_ambiguous(0, begin.start()) or self._is_ambiguous(spans[-1][1]):
                    return None
                blocks = self._blocks(tag, spans)
                return None if blocks is None else BlockList(kind, blocks)
        return None

    def _has(self, marks: bytes, start: int) -> bool:
        """Are the two signs there? The second one is rare, and one byte alone is found at once."""
        return self._content.find(marks[1:], start) >= 0 and self._content.find(marks, start) >= 0

    def _has_controls(self) -> bool:
        """Is there any control character at all? As a rule there is none."""
        content = self._content
        pieces = (content[start : start + _PIECE] for start in range(0, len(content), _PIECE))
        return any(piece.translate(None, _HARMLESS) for piece in pieces)

    def _is_ambiguous(self, start: int, end: int = _LARGEST) -> bool:
        """Does what stands around the list hold goods, offers or documents of its own, or only changes?"""
        return re.compile(self._bytes(_OTHERS)).search(self._content, start, end) is not None

    def _spans(self, tag: str, first: int) -> Iterator[tuple[int, int]]:
        """Elements that follow each other with nothing but spaces between them; none if one is in another."""
        content, closing = self._content, self._bytes(f"</{tag}>")
        opening, begun = re.compile(self._opening(tag)), self._bytes(f"<{tag}")
        inner = re.compile(begun + rb"[\s>/]")
        place = first
        while (begin := opening.match(content, place)) is not None:
            end = content.find(closing, place)
            if not 0 <= end - place <= _LARGEST_BLOCK:
                return
            if content.find(begun, begin.end(), end) >= 0 and inner.search(content, begin.end(), end):
                return
            end += len(closing)
            yield place, end
            spaces = _SPACES.match(content, end)
            place = spaces.end() if spaces else end

    def _blocks(self, tag: str, spans: list[tuple[int, int]]) -> list[Block] | None:
        told = re.compile(self._opening(tag) + rb"\s*" + self._bytes("<Ид>([^<&\\x00-\\x1f]{1,200})</Ид>"))
        found = []
        for start, end in spans:
            block = self._content[start:end]
            if (match := told.match(block)) is None:
                return None
            key = joined_key(*offer_key(match.group(1).decode(self._encoding, "replace")))
            digest = hashlib.blake2b(block, digest_size=16, key=self._salt).hexdigest()
            found.append(Block(key, digest, start, end, block.count(b"\n")))
        return found

    def _opening(self, tag: str) -> bytes:
        """How an element begins, with attributes or without."""
        return self._bytes(f"<{tag}") + rb"(?:\s[^<>/]*)?>"

    def _bytes(self, text: str) -> bytes:
        return text.encode(self._encoding)
