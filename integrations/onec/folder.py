"""The private folder of a session. Files lie there under the numbers of their rows, nothing else."""

import os
import shutil
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Protocol
from uuid import UUID

from django.conf import settings

BLOCK = 1024 * 1024
_ASIDE = ".new-"


class ByteStream(Protocol):
    """A body of a request, an entry of an archive."""

    def read(self, size: int, /) -> bytes: ...


class SessionFolder:
    """Where the files of one session are put together."""

    def __init__(self, token: UUID) -> None:
        self.path = Path(settings.EXCHANGE_ROOT) / token.hex

    def prepare(self) -> None:
        """Make the folder, readable for the portal only."""
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)

    def place(self, file_id: int) -> Path:
        """Where the file of a row lies."""
        return self.path / str(file_id)

    def receive(self, stream: ByteStream, *, limit: int) -> tuple[Path, int]:
        """Write a stream aside, never more than `limit` + 1 bytes; return the path and the length."""
        self.prepare()
        length = 0
        with NamedTemporaryFile(dir=self.path, prefix=_ASIDE, delete=False) as aside:
            try:
                while length <= limit and (block := stream.read(min(BLOCK, limit + 1 - length))):
                    aside.write(block)
                    length += len(block)
            except BaseException:
                Path(aside.name).unlink(missing_ok=True)
                raise
        return Path(aside.name), length

    def append(self, aside: Path, *, file_id: int, offset: int) -> None:
        """Put a whole portion at its place; whatever an interrupted attempt left beyond it is cut off."""
        target = self.place(file_id)
        if offset == 0:
            aside.replace(target)
            return
        with target.open("r+b") as file, aside.open("rb") as portion:
            file.truncate(offset)
            file.seek(offset)
            shutil.copyfileobj(portion, file, BLOCK)
            file.flush()
            os.fsync(file.fileno())
        aside.unlink()

    def remove(self) -> None:
        """Delete the folder with everything in it."""
        shutil.rmtree(self.path, ignore_errors=True)
