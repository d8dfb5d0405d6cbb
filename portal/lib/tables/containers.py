"""What a file is by its first bytes, and whether an archive may be opened at all."""

import zipfile
from io import BytesIO

from portal.lib.tables.contract import MOST_BYTES, MOST_ZIPPED_BYTES, TableRefused

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_FOREIGN = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"GIF8")
_MOST_ENTRIES, _MOST_INFLATED, _MOST_STRINGS, _MOST_RATIO = 200, 50_000_000, 20_000_000, 150
_CHUNK = 256 * 1024
_ENCRYPTED = 0x1
_RATIO_MATTERS_FROM = 1_000_000

TOO_BIG = "Файл больше 10 МБ: разделите его на несколько"
BROKEN = "Файл повреждён: откройте его в Excel и сохраните заново"


def is_book(content: bytes) -> bool:
    """Whether it is a spreadsheet rather than a text. Raises TableRefused for what is neither, or too big."""
    if not content.strip():
        raise TableRefused("Файл пустой")
    if len(content) > MOST_BYTES:
        raise TableRefused(TOO_BIG)
    if content.startswith(_FOREIGN):
        raise TableRefused("Это не таблица: пришлите CSV, XLSX, XLS или ODS")
    if content.startswith(_ZIP) and len(content) > MOST_ZIPPED_BYTES:
        raise TableRefused("Файл XLSX или ODS больше 5 МБ: уберите картинки или разделите его")
    return content.startswith((_ZIP, _OLE))


def archive_check(content: bytes) -> None:
    """Refuse archives that unfold into too much, by what they declare and by what they really hold."""
    if not content.startswith(_ZIP):
        return
    with zipfile.ZipFile(BytesIO(content)) as archive:
        entries = archive.infolist()
        if len(entries) > _MOST_ENTRIES:
            raise TableRefused("В файле слишком много частей: сохраните его без картинок")
        if len({entry.filename for entry in entries}) < len(entries):
            raise TableRefused(BROKEN)
        if any(entry.flag_bits & _ENCRYPTED for entry in entries):
            raise TableRefused("Файл закрыт паролем: снимите пароль и загрузите снова")
        if sum(entry.file_size for entry in entries) > _MOST_INFLATED:
            raise TableRefused("Файл разворачивается в слишком большой: оставьте нужные строки")
        total = 0
        for entry in entries:
            total += _inflated(archive, entry, _MOST_INFLATED - total)


def _inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, left: int) -> int:
    """The real size of an entry, counted no further than the limit."""
    most = min(left, _MOST_STRINGS) if entry.filename.lower().endswith("sharedstrings.xml") else left
    size = 0
    with archive.open(entry) as stream:
        while chunk := stream.read(_CHUNK):
            size += len(chunk)
            is_dense = size > _RATIO_MATTERS_FROM and size > _MOST_RATIO * max(entry.compress_size, 1)
            if size > most or is_dense:
                raise TableRefused("Файл разворачивается в слишком большой: оставьте нужные строки")
    return size
