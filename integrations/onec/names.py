"""Names of files that 1C sends. They never become paths: a file lies on disk under its row's number."""

import re

from integrations.onec.refusal import ExchangeRefusal

LENGTH = 300
DEPTH = 8

_RANKS = (
    (".zip", "groups", "propert", "units", "pricelist", "storage"),
    ("import", "goods"),
    ("offers",),
    ("price",),
    ("rest",),
)
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_DRIVE = re.compile(r"[A-Za-z]:")
# Data, archives, pictures and papers that travel with goods; nothing that a browser would run.
_EXTENSIONS = {
    "xml", "zip",
    "jpg", "jpeg", "jpe", "png", "gif", "bmp", "tif", "tiff", "webp",
    "pdf", "txt", "rtf", "csv", "doc", "docx", "odt", "xls", "xlsx", "ods", "ppt", "pptx",
    "dwg", "dxf", "stp", "step", "igs", "7z", "rar", "mp4", "avi", "mov",
}  # fmt: skip


def upload_name(told: str) -> str:
    """Accept the name of an uploaded file or of an archive's entry. Raises ExchangeRefusal."""
    name = told.strip()
    if not name:
        raise ExchangeRefusal("Не указано имя файла (параметр filename)")
    if _CONTROL.search(name) or "\\" in name:
        raise ExchangeRefusal(f"Недопустимые знаки в имени файла: {_shown(name)}")
    if name.startswith("/") or _DRIVE.match(name):
        raise ExchangeRefusal(f"Имя файла должно быть относительным: {_shown(name)}")
    parts = name.split("/")
    if any(part.strip(". ") == "" for part in parts):
        raise ExchangeRefusal(f"Недопустимый путь в имени файла: {_shown(name)}")
    if len(name) > LENGTH or len(parts) > DEPTH:
        raise ExchangeRefusal(f"Слишком длинное или глубокое имя файла: {_shown(name)}")
    if extension(name) not in _EXTENSIONS:
        raise ExchangeRefusal(f"Файлы такого вида не принимаются: {_shown(name)}")
    return name


def extension(name: str) -> str:
    """Ending of a name in lower case without the dot."""
    last = name.rpartition("/")[2]
    return last.rpartition(".")[2].lower() if "." in last else ""


def is_data(name: str) -> bool:
    """Tell what is to be loaded from what goods only refer to."""
    return extension(name) in {"xml", "zip"}


def load_rank(name: str) -> int:
    """Order in which files that nobody asks for are best loaded: lists, goods, offers, prices, rests."""
    told = name.lower()
    return next((rank for rank, words in enumerate(_RANKS) if any(word in told for word in words)), 1)


def _shown(name: str) -> str:
    return _CONTROL.sub("�", name)[:120]
