"""Archives of 1C: names, sizes and ratios are looked at before a single byte is unpacked."""

import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from integrations.onec.folder import SessionFolder
from integrations.onec.names import upload_name
from integrations.onec.refusal import ExchangeRefusal

ENTRY_LIMIT = 100_000
ENTRY_BYTES = 2 * 1024**3
TOTAL_BYTES = 8 * 1024**3
RATIO = 200
RATIO_FROM = 20 * 1024**2  # below this size the ratio does not matter

_UTF8_FLAG, _ENCRYPTED_FLAG = 0x800, 0x1


@dataclass(frozen=True, slots=True)
class UnpackedFile:
    """An entry lying aside in the session's folder."""

    name: str
    path: Path
    size: int


def unpack(
    archive: Path, *, name: str, folder: SessionFolder, tell: Callable[[str], None]
) -> list[UnpackedFile]:
    """Unpack everything or nothing. Raises ExchangeRefusal."""
    done: list[UnpackedFile] = []
    try:
        with zipfile.ZipFile(archive) as opened:
            for entry, entry_name in _checked(opened, name):
                with opened.open(entry) as stream:
                    path, size = folder.receive(stream, limit=entry.file_size)
                done.append(UnpackedFile(entry_name, path, size))
                if size != entry.file_size:
                    raise ExchangeRefusal(f"{name}: размер файла {entry_name} не тот, что указан в архиве")
                tell(f"Распаковано файлов: {len(done)}")
    except (
        zipfile.BadZipFile,
        zipfile.LargeZipFile,
        EOFError,
        NotImplementedError,
        OSError,
        ValueError,
    ) as error:
        _discard(done)
        raise ExchangeRefusal(f"{name}: архив неполный или повреждён, выгрузите ещё раз ({error})") from error
    except BaseException:
        _discard(done)
        raise
    return done


def _checked(opened: zipfile.ZipFile, name: str) -> list[tuple[zipfile.ZipInfo, str]]:
    """Check the table of contents as a whole; folders are left out."""
    entries = [entry for entry in opened.infolist() if not entry.is_dir()]
    if len(entries) > ENTRY_LIMIT:
        raise ExchangeRefusal(f"{name}: в архиве больше {ENTRY_LIMIT} файлов")
    if sum(entry.file_size for entry in entries) > TOTAL_BYTES:
        raise ExchangeRefusal(f"{name}: архив слишком велик в распакованном виде")
    for entry in entries:
        if entry.flag_bits & _ENCRYPTED_FLAG:
            raise ExchangeRefusal(f"{name}: архив зашифрован")
        is_bomb = entry.file_size > RATIO_FROM and entry.file_size > RATIO * max(entry.compress_size, 1)
        if is_bomb or entry.file_size > ENTRY_BYTES:
            raise ExchangeRefusal(f"{name}: подозрительно большой файл в архиве")
    return [(entry, upload_name(_entry_name(entry).replace("\\", "/"))) for entry in entries]


def _entry_name(entry: zipfile.ZipInfo) -> str:
    """Name as 1C meant it: without the UTF-8 flag its bytes are of code page 866."""
    if entry.flag_bits & _UTF8_FLAG:
        return entry.filename
    return entry.filename.encode("cp437", errors="replace").decode("cp866", errors="replace")


def _discard(files: list[UnpackedFile]) -> None:
    for file in files:
        file.path.unlink(missing_ok=True)
