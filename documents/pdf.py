"""PDF of an HTML page, laid out in a process of its own."""

import os
import subprocess
import sys
from pathlib import Path

_PROJECT = Path(__file__).resolve().parent.parent
_SECONDS = 150  # of the clock; the process itself is held to 120 s of the processor
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "LD_LIBRARY_PATH", "XDG_CACHE_HOME", "FONTCONFIG_FILE")


class PdfFailed(Exception):
    """The page could not be laid out; the message ends with what the process said."""


def html_to_pdf(html: str) -> bytes:
    """Lay out a page with no access to files, network or the portal's secrets. Raises PdfFailed."""
    environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    try:
        done = subprocess.run(  # noqa: S603 - our own module, no text from outside in the command
            [sys.executable, "-m", "documents.pdf_process"],
            input=html.encode(),
            capture_output=True,
            cwd=_PROJECT,
            env=environment,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise PdfFailed(f"No PDF in {_SECONDS} s") from error
    if done.returncode or not done.stdout.startswith(b"%PDF-"):
        raise PdfFailed(f"Exit {done.returncode}: {done.stderr.decode(errors='replace')[-2000:]}")
    return done.stdout
