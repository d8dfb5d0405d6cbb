"""PDF of an HTML page, laid out in a process of its own."""

import json
import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
_SECONDS = 150  # of the clock; the process itself is held to 120 s of the processor
# Not the worker's environment, which holds passwords; fontconfig keeps its cache under HOME.
_ENVIRONMENT = {"PATH": "/usr/local/bin:/usr/bin:/bin", "HOME": str(Path.home()), "LANG": "C.UTF-8"}


class PdfFailed(Exception):
    """The page could not be laid out; the message ends with what the process said."""


def html_to_pdf(html: str) -> bytes:
    """Lay out a page with no access to files, network or the portal's secrets. Raises PdfFailed."""
    document = _laid_out(html)
    if not document.startswith(b"%PDF-"):
        raise PdfFailed("Not a PDF")
    return document


def html_anchors_by_page(html: str) -> list[list[str]]:
    """Lay out a page and tell which of its `id`s begin on which sheet. Raises PdfFailed."""
    found: list[list[str]] = json.loads(_laid_out(html, "--anchors"))
    return found


def _laid_out(html: str, *options: str) -> bytes:
    try:
        done = subprocess.run(  # noqa: S603 - our own module, the page goes to its input
            [sys.executable, "-m", "documents.pdf_process", *options],
            input=html.encode(),
            capture_output=True,
            cwd=_PROJECT,
            env=_ENVIRONMENT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailed(f"No PDF in {_SECONDS} s") from error
    if done.returncode:
        raise PdfFailed(f"Exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
