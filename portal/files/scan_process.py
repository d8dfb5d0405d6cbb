"""The process that opens a scan, fenced in: a bad one takes this process down and no other.

Reads a line of JSON and the file from its input; writes a line of JSON and, for a picture, the PDF made
of it. It knows no settings and no secrets. Run as `python -m portal.files.scan_process`.
"""

import errno
import json
import logging
import resource
import sys
import warnings
import zipfile
from io import BytesIO
from tempfile import NamedTemporaryFile
from typing import Any

from PIL import Image, ImageOps, ImageSequence
from pypdf import PageObject, PdfReader
from pypdf.errors import PyPdfError

_MEMORY_BYTES = 1_500_000_000
_CPU_SECONDS = 20
_PDF_BYTES = 64 * 1024 * 1024  # a picture of many frames may share one piece of data among them
_MOST_PIXELS = 100_000_000
_LONGEST_SIDE = 3508  # A4 at 300 dots to an inch
_DOTS = 300.0
_TAIL = 1024  # what may follow the last %%EOF

_TOO_LARGE = "файл разворачивается в слишком большой"
_PLAIN_DEEDS = frozenset({None, "/GoTo", "/URI", "/Named"})
_BROKEN = "файл поврежден и не открывается"
_TWOFOLD = "внутри файла спрятан архив"


class Refused(Exception):
    """A reason for the person; Russian, without the dot."""


def main() -> None:
    fence()
    logging.disable(logging.CRITICAL)
    asked = json.loads(sys.stdin.buffer.readline())
    told, pdf = answer(sys.stdin.buffer.read(), **asked)
    sys.stdout.buffer.write(json.dumps(told).encode() + b"\n" + pdf)


def fence() -> None:
    """Hold this process to its memory and seconds; a broken file writes no core either."""
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    resource.setrlimit(resource.RLIMIT_FSIZE, (_PDF_BYTES, _PDF_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def answer(content: bytes, *, mime: str, most_pages: int) -> tuple[dict[str, Any], bytes]:
    """Number of pages, and the PDF of a picture; or under `refused` a reason for the person."""
    try:
        if zipfile.is_zipfile(BytesIO(content)):
            raise Refused(_TWOFOLD)
        if mime == "application/pdf":
            return {"pages": _pdf_pages(content, most_pages)}, b""
        return _picture_pdf(content, most_pages)
    except Refused as refusal:
        return {"refused": str(refusal)}, b""
    except MemoryError:
        return {"refused": _TOO_LARGE}, b""
    except OSError as fault:
        return {"refused": _TOO_LARGE if fault.errno == errno.EFBIG else _BROKEN}, b""
    except BaseException:  # the boundary: whatever a broken file makes a library say
        return {"refused": _BROKEN}, b""


def _pdf_pages(content: bytes, most: int) -> int:
    """Count pages by walking the tree: a number that the file tells of itself may lie."""
    end = content.rfind(b"%%EOF")
    if end < 0 or len(content) - end > _TAIL:
        raise Refused("после конца PDF есть чужие данные" if end >= 0 else _BROKEN)
    try:
        paper = PdfReader(BytesIO(content), strict=False)
        if paper.is_encrypted:
            raise Refused("PDF закрыт паролем: снимите пароль")
        pages = len(paper.pages)
        _few(pages, most)
        if _acts(paper) or any(map(_page_acts, paper.pages)):
            raise Refused("в PDF есть сценарии или вложения: сохраните его как обычный скан")
    except PyPdfError as error:
        raise Refused(_BROKEN) from error
    if not pages:
        raise Refused("в PDF нет страниц")
    return pages


def _acts(paper: PdfReader) -> bool:
    """Whether opening the PDF does something, or it carries other files."""
    root = paper.root_object
    names = root.get("/Names")
    names = names.get_object() if names is not None else {}
    opening = root.get("/OpenAction")
    opening = opening.get_object() if opening is not None else None
    deed = opening.get("/S") if isinstance(opening, dict) else None
    return (
        bool({"/JavaScript", "/EmbeddedFiles"} & set(names)) or "/AA" in root or deed not in {None, "/GoTo"}
    )


def _page_acts(page: PageObject) -> bool:
    """Whether turning to the page or touching something on it does more than lead to another place."""
    if "/AA" in page:
        return True
    listed = page.get("/Annots")
    for one in listed.get_object() if listed is not None else ():
        note = one.get_object()
        action = note.get("/A")
        deed = action.get_object() if action is not None else {}
        is_plain = deed.get("/S") in _PLAIN_DEEDS and "/Next" not in deed
        if "/AA" in note or note.get("/Subtype") == "/FileAttachment" or not is_plain:
            return True
    return False


def _picture_pdf(content: bytes, most: int) -> tuple[dict[str, Any], bytes]:
    """A page for each frame, one in memory at a time."""
    Image.MAX_IMAGE_PIXELS = _MOST_PIXELS
    warnings.simplefilter("error", Image.DecompressionBombWarning)
    with NamedTemporaryFile(suffix=".pdf") as paper:
        try:
            pages = _frames_written(content, paper.name, most)
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused("картинка слишком большая: отсканируйте с меньшим разрешением") from error
        return {"pages": pages}, paper.read()


def _frames_written(content: bytes, path: str, most: int) -> int:
    with Image.open(BytesIO(content), formats=("JPEG", "PNG", "TIFF")) as picture:
        count = getattr(picture, "n_frames", 1)
        _few(count, most)
        for number, frame in enumerate(ImageSequence.Iterator(picture)):
            frame.draft(None, _fitted(frame.size))  # a large JPEG is decoded at a half or a quarter
            page = ImageOps.exif_transpose(frame)
            page.thumbnail((_LONGEST_SIDE, _LONGEST_SIDE))
            if page.mode not in {"L", "RGB"}:
                page = page.convert("RGB")
            page.save(path, "PDF", resolution=_DOTS, append=number > 0)
        return int(count)


def _fitted(size: tuple[int, int]) -> tuple[int, int]:
    """The size at which the longer side is that of a page."""
    share = _LONGEST_SIDE / max(size)
    return max(1, int(size[0] * share)), max(1, int(size[1] * share))


def _few(pages: int, most: int) -> None:
    if pages > most:
        raise Refused(f"страниц {pages}, а можно не больше {most}")


if __name__ == "__main__":
    main()
