"""A font with Cyrillic letters for ReportLab: the ones that papers by WeasyPrint use, from the machine."""

from functools import cache
from pathlib import Path

from reportlab.pdfbase.pdfmetrics import registerFont
from reportlab.pdfbase.ttfonts import TTFont

REGULAR, BOLD = "PriceList", "PriceListBold"
_FOLDERS = (
    Path("/usr/share/fonts"),
    Path("/usr/local/share/fonts"),
    Path.home() / ".fonts",
    Path.home() / ".local/share/fonts",
    Path("/Library/Fonts"),
)
_FILES = (
    ("LiberationSans-Regular.ttf", "LiberationSans-Bold.ttf"),
    ("DejaVuSans.ttf", "DejaVuSans-Bold.ttf"),
    ("Arial Unicode.ttf", "Arial Unicode.ttf"),
)


class NoFont(Exception):
    """The machine has no font with Cyrillic letters; `fonts-liberation` is one."""


@cache
def fonts_register() -> None:
    """Make REGULAR and BOLD known; once in a process. Raises NoFont."""
    for names in _FILES:
        files = [_found(name) for name in names]
        if all(files):
            for name, file in zip((REGULAR, BOLD), files, strict=True):
                registerFont(TTFont(name, str(file)))
            return
    raise NoFont("No Liberation Sans and no DejaVu Sans: install fonts-liberation")


def _found(name: str) -> Path | None:
    return next((path for folder in _FOLDERS if folder.is_dir() for path in folder.rglob(name)), None)
