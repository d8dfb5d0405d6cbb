"""Unique strings planted in each tenant's data, and how they are found again in answers."""

import io
import re
from collections.abc import Iterable
from itertools import count
from zipfile import ZipFile

import pypdf
from django.http import HttpResponse
from pypdf.errors import PdfReadError

_numbers = count(1)
_planted: dict[str, str] = {}  # canary -> tag; a random token may look like one and is none
_ZIP = b"PK\x03\x04"
_CANARY = re.compile(r"(?=(kx[a-z0-9]+?zx\d+q))", re.IGNORECASE)


def canary(tag: str) -> str:
    """A string that occurs once in the world; letters and digits only, so that no page changes it."""
    planted = f"kx{tag}zx{next(_numbers)}q"
    _planted[planted] = tag
    return planted


def bait(tag: str) -> str:
    """What to search for: finds the canaries of a tag and is none itself when a page repeats it."""
    return f"kx{tag}zx"


def text_of(response: HttpResponse) -> str:
    """Body, headers, targets and file names of an answer; a PDF by its text, a workbook by its cells."""
    content = response.getvalue()
    if content.startswith(b"%PDF"):
        body = _pages(content)
    elif content.startswith(_ZIP):
        body = _unpacked(content)
    else:
        body = content.decode("utf-8", errors="replace")
    headers = "\n".join(f"{name}: {value}" for name, value in response.items())
    cookies = "\n".join(morsel.OutputString() for morsel in response.cookies.values())
    return f"{headers}\n{cookies}\n{body}"


def _pages(content: bytes) -> str:
    """Text of a PDF without blanks; as it stands when a person's file only begins like one."""
    try:
        pages = pypdf.PdfReader(io.BytesIO(content)).pages
    except PdfReadError:
        return content.decode("utf-8", errors="replace")
    return "".join("".join(page.extract_text().split()) for page in pages)


def _unpacked(content: bytes) -> str:
    """Members of an archive, without what a workbook says of the moment at which it was made."""
    with ZipFile(io.BytesIO(content)) as archive:
        names = [name for name in archive.namelist() if not name.startswith("docProps/")]
        return "\n".join(archive.read(name).decode("utf-8", errors="replace") for name in names)


def tags_in(text: str, literals: dict[str, str]) -> set[str]:
    """Whose data an answer shows; `literals` are numbers that name a tenant (ИНН) with their tags."""
    found = {one.lower() for one in _CANARY.findall(text)}
    return {_planted[one] for one in found & _planted.keys()} | {
        tag for literal, tag in literals.items() if literal in text
    }


def leaks(text: str, literals: dict[str, str], may_see: Iterable[str]) -> set[str]:
    return tags_in(text, literals) - set(may_see)
