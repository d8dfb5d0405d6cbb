"""What 1C has sent, kept as it came: compressed, once per content, outside of anything that is served."""

import gzip
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import BinaryIO, cast

from django.conf import settings

BLOCK = 1024 * 1024
_LEVEL = 1  # XML shrinks to a tenth even so, and the worker has better things to do


def kept_root() -> Path:
    """The folder of all copies, readable for the portal only."""
    return Path(settings.EXCHANGE_ROOT) / "kept"


def kept_place(sha256: str) -> Path:
    """Where the copy of a content lies, or would lie."""
    return kept_root() / sha256[:2] / f"{sha256}.gz"


def kept_put(source: Path, *, sha256: str) -> None:
    """Keep a content; one that is kept already becomes young again."""
    place = kept_place(sha256)
    if place.exists():
        place.touch()
        return
    kept_root().mkdir(mode=0o700, parents=True, exist_ok=True)
    place.parent.mkdir(mode=0o700, exist_ok=True)
    with NamedTemporaryFile(dir=place.parent, prefix=".new-", delete=False) as aside:
        try:
            packed = gzip.GzipFile(fileobj=aside, mode="wb", compresslevel=_LEVEL)
            with source.open("rb") as plain, packed:
                shutil.copyfileobj(plain, packed, BLOCK)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise
    Path(aside.name).replace(place)


def kept_open(sha256: str) -> BinaryIO:
    """Read a content as it came. Raises FileNotFoundError."""
    return cast(BinaryIO, gzip.open(kept_place(sha256), "rb"))


@contextmanager
def kept_unpacked(sha256: str) -> Iterator[Path]:
    """A content as a plain file, for as long as the block lasts. Raises FileNotFoundError."""
    with kept_open(sha256) as packed, NamedTemporaryFile(dir=kept_root(), prefix=".read-") as plain:
        shutil.copyfileobj(packed, plain, BLOCK)
        plain.flush()
        yield Path(plain.name)


def kept_remove(*, seconds: float, wanted: set[str]) -> int:
    """Remove copies not refreshed for so long, but for those that somebody still has to decide about."""
    removed, until = 0, time.time() - seconds
    for place in kept_root().glob("*/*"):
        if place.stat().st_mtime < until and place.stem not in wanted:
            place.unlink(missing_ok=True)
            removed += 1
    return removed
