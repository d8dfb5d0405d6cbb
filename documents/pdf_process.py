"""The process that turns HTML on its input into a PDF on its output, fenced in.

A process of its own because WeasyPrint on a bad page can take all memory and any time: limits here
kill the page and not the worker. It knows no settings and no secrets.
Run as `python -m documents.pdf_process`; with `--anchors` it tells which `id`s begin on which sheet instead.
"""

import gc
import json
import resource
import sys

from weasyprint import HTML
from weasyprint.urls import URLFetcher, URLFetcherResponse

_MEMORY_BYTES = 1_500_000_000
_CPU_SECONDS = 120


class DenyFetcher(URLFetcher):  # type: ignore[misc]
    """Open nothing but `data:` addresses: no files of the machine, no network, no redirects."""

    def __init__(self) -> None:
        super().__init__(allowed_protocols=("data",), allow_redirects=False)

    def fetch(self, url: str, headers: dict[str, str] | None = None) -> URLFetcherResponse:
        """Raises ValueError for any address that is not `data:`; the page is printed without it."""
        if not url.lower().startswith("data:"):
            raise ValueError("Only data: addresses may be opened")
        return super().fetch(url, headers)


def render(html: str) -> bytes:
    """Lay out a page; the fetcher is handed over here once and nothing else takes addresses."""
    pdf: bytes = HTML(string=html, url_fetcher=DenyFetcher()).write_pdf()
    return pdf


def anchors(html: str) -> bytes:
    """Ids by sheet, in JSON."""
    document = HTML(string=html, url_fetcher=DenyFetcher()).render()
    return json.dumps([list(page.anchors) for page in document.pages]).encode()


def limit() -> None:
    """Hold this process to its memory and time.

    Boxes of a page are no garbage before its end: to look for some among them took a quarter of the time.
    """
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CPU, (_CPU_SECONDS, _CPU_SECONDS))
    gc.disable()
    gc.freeze()


def main() -> None:
    limit()
    work = anchors if "--anchors" in sys.argv[1:] else render
    sys.stdout.buffer.write(work(sys.stdin.buffer.read().decode()))


if __name__ == "__main__":
    main()
