"""Bytes of an uploaded file made fit for the parser: garbage before the XML, control characters."""

import codecs
import re
from collections import deque
from collections.abc import Iterable
from io import RawIOBase
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from integrations.onec.refusal import ExchangeRefusal

_HEAD = 1024
_CONTROLS = bytes(code for code in range(32) if code not in (9, 10, 13))
_ENCODING = re.compile(rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_KNOWN = {"utf-8": "utf-8", "utf8": "utf-8", "windows-1251": "windows-1251", "cp1251": "windows-1251"}


class XmlSource(RawIOBase):
    """A file as the parser should see it: from its first «<», without characters that XML forbids.

    Control characters come from descriptions pasted into 1C; both encodings taken here are
    supersets of ASCII, so they can be dropped byte by byte. `without` are places to leave out, in their
    order: first byte, the one after the last, ends of lines between. Raises ExchangeRefusal for a file
    that is no XML or is in another encoding.
    """

    def __init__(self, path: Path, *, name: str, without: Iterable[tuple[int, int, int]] = ()) -> None:
        super().__init__()
        self._stream: BinaryIO = path.open("rb")
        self._without = deque(without)
        try:
            self.encoding = self._skip_to_root(name)
        except BaseException:
            self._stream.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def readable(self) -> bool:
        return True

    def read(self, size: int = -1) -> bytes:
        """Read the next portion; empty only at the end of the file."""
        while portion := self._portion(size):
            clean = portion.translate(None, _CONTROLS)
            if clean:
                return clean
        return b""

    def _portion(self, size: int) -> bytes:
        """Read on; of what is left out there remain the ends of lines, so that lines keep their numbers."""
        if not self._without:
            return self._stream.read(size)
        start, end, lines = self._without[0]
        ahead = start - self._stream.tell()
        if ahead > 0:
            return self._stream.read(ahead if size < 0 else min(size, ahead))
        self._without.popleft()
        self._stream.seek(end)
        return b"\n" * lines or b" "

    def close(self) -> None:
        self._stream.close()
        super().close()

    def _skip_to_root(self, name: str) -> str:
        head = self._stream.read(_HEAD)
        if head.startswith(_UTF16):
            raise ExchangeRefusal(f"{name}: кодировка UTF-16 не поддерживается, нужна UTF-8 или windows-1251")
        start = head.find(b"<")
        if start < 0:
            raise ExchangeRefusal(f"{name}: файл пуст или это не XML")
        self._stream.seek(start)
        if codecs.BOM_UTF8 in head[:start]:
            return "utf-8"  # the bytes know better than the declaration
        found = _ENCODING.match(head[start:])
        declared = found.group(1).decode("ascii").lower() if found else "utf-8"
        if declared not in _KNOWN:
            raise ExchangeRefusal(
                f"{name}: кодировка {declared} не поддерживается, нужна UTF-8 или windows-1251"
            )
        return _KNOWN[declared]
