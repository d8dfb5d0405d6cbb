"""An operator behind a folder: files are put into `outbox`, answers are looked for in `status` and `inbox`.

Another program, the operator's own or 1C's, carries them. `status/<id>.json` holds the last word on a
message, `inbox/<id>/` whatever came back.
"""

import os
import re
from collections.abc import Sequence
from pathlib import Path
from tempfile import NamedTemporaryFile

from django.conf import settings
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, ValidationError

from documents.edo.operators import (
    EdoReport,
    EdoSignature,
    OperatorFailed,
    OperatorFault,
    OperatorFile,
)
from documents.states import EdoStatus
from portal.files.serving import safe_name

OUTBOX, INBOX, STATUS = "outbox", "inbox", "status"
_SAFE = re.compile(r"[0-9A-Za-z@_\-][0-9A-Za-z@_.\-]{0,250}")
_STATUS_LIMIT = 64 * 1024
_FILE_LIMIT = 20 * 1024 * 1024
_MOST_FILES = 20


class _Signature(BaseModel):
    model_config = ConfigDict(extra="ignore")

    name: str = Field(max_length=300)
    certificate: str = Field(default="", max_length=300)
    until: str = Field(default="", max_length=100)


class _Status(BaseModel):
    model_config = ConfigDict(extra="ignore")

    status: EdoStatus
    at: AwareDatetime
    reason: str = Field(default="", max_length=2000)
    signatures: list[_Signature] = Field(default=[], max_length=50)


class FileDropOperator:
    """Exchange through EDO_DROP_DIR; the id of a message is the key it was sent with."""

    name = "Обмен файлами"

    def __init__(self, root: Path | None = None) -> None:
        self.root = root or Path(settings.EDO_DROP_DIR)

    def send(self, *, key: str, name: str, content: bytes, signature: bytes | None, receiver_id: str) -> str:
        """Put the file, its signature before it. A message that has a status already was taken: it stays.

        The name of a file is its id at the operator, so that one put a second time is the same message.
        """
        target = self._place(OUTBOX, name)
        if self._place(STATUS, f"{key}.json").exists():
            return key
        try:
            if signature is not None:
                _write(target.with_name(f"{name}.sig"), signature)
            _write(target.with_name(f"{name}.id"), key.encode())
            _write(target, content)
        except OSError as error:
            raise OperatorFailed(f"{OUTBOX}: {error.strerror or error}") from error
        return key

    def status(self, message_id: str) -> EdoReport | None:
        path = self._place(STATUS, f"{message_id}.json")
        try:
            with path.open("rb") as file:
                told = file.read(_STATUS_LIMIT + 1)
        except FileNotFoundError:
            return None
        except OSError as error:
            raise OperatorFailed(f"{STATUS}: {error.strerror or error}") from error
        if len(told) > _STATUS_LIMIT:
            raise OperatorFault(f"{path.name}: больше {_STATUS_LIMIT} байт")
        try:
            status = _Status.model_validate_json(told)
        except ValidationError as error:
            raise OperatorFault(f"{path.name}: {_words(error)}") from None
        return EdoReport(
            status=status.status,
            at=status.at,
            reason=_kept(status.reason),
            signatures=tuple(
                EdoSignature(name=_kept(one.name), certificate=_kept(one.certificate), until=_kept(one.until))
                for one in status.signatures
            ),
        )

    def download(self, message_id: str) -> Sequence[OperatorFile]:
        folder = self._place(INBOX, message_id)
        try:
            paths = sorted(path for path in folder.iterdir() if path.is_file() and not path.is_symlink())
            return [
                OperatorFile(name=_file_name(path), content=path.read_bytes())
                for path in paths[:_MOST_FILES]
                if path.stat().st_size <= _FILE_LIMIT and not path.name.startswith(".")
            ]
        except (FileNotFoundError, NotADirectoryError):
            return []
        except OSError as error:
            raise OperatorFailed(f"{INBOX}: {error.strerror or error}") from error

    def _place(self, folder: str, name: str) -> Path:
        """Where a file lies; a name that is a path is refused."""
        if not _SAFE.fullmatch(name):
            raise OperatorFault(f"Имя файла не годится: {name[:100]!r}")
        return self.root / folder / name


def _write(target: Path, content: bytes) -> None:
    """Write aside, fsync, rename: whoever carries files away never sees half of one."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with NamedTemporaryFile(dir=target.parent, prefix=".new-", delete=False) as aside:
        try:
            aside.write(content)
            aside.flush()
            os.fsync(aside.fileno())
            Path(aside.name).replace(target)
        except BaseException:
            Path(aside.name).unlink(missing_ok=True)
            raise


def _kept(text: str) -> str:
    """Without NUL, which no database keeps: one such word would stop the asking about all others."""
    return text.replace("\0", "").strip()


def _file_name(path: Path) -> str:
    """Bytes of a name that are no UTF-8 are marked; signs that no file system takes are left out."""
    return safe_name(os.fsencode(path.name).decode(errors="replace"))[-255:]


def _words(error: ValidationError) -> str:
    fault = error.errors()[0]
    return f"{'.'.join(map(str, fault['loc']))} {fault['msg']}".strip()[:200]
