"""PDF of an HTML page, laid out in a process of its own."""

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
    try:
        done = subprocess.run(
            [sys.executable, "-m", "documents.pdf_process"],
            input=html.encode(),
            capture_output=True,
            cwd=_PROJECT,
            env=_ENVIRONMENT,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailed(f"No PDF in {_SECONDS} s") from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfFailed(f"Exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
