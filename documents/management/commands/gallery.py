"""Print every form in every case to PDF and PNG, with a page to leaf through: `make gallery`."""

import time
from argparse import ArgumentParser
from html import escape
from pathlib import Path
from typing import Any

import pypdfium2
from django.conf import settings
from django.core.management.base import BaseCommand

from documents.layout.forms import paper_pdf
from documents.samples import sample_payload, samples_of
from documents.states import DocumentKind

_SCALE = 1.6
_SHOWN = 4  # sheets of a paper of 500 lines tell enough


class Command(BaseCommand):
    help = "Print every form in every case into var/gallery"

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--kind", choices=DocumentKind.values, help="one kind only")
        parser.add_argument("--case", help="one case only, such as firm or many")

    def handle(self, *args: Any, **options: Any) -> None:
        folder = Path(settings.ROOT) / "var" / "gallery"
        folder.mkdir(parents=True, exist_ok=True)
        parts: list[str] = []
        for kind in DocumentKind:
            if options["kind"] and options["kind"] != kind:
                continue
            for sample in samples_of(kind):
                if options["case"] and options["case"] != sample.code:
                    continue
                parts.append(self._one(folder, kind, sample.code, sample.title))
        page = "".join(parts)
        (folder / "index.html").write_text(
            f'<!doctype html><html lang="ru"><meta charset="utf-8"><title>Печатные формы</title>{page}'
        )
        self.stdout.write(f"{folder / 'index.html'}")

    def _one(self, folder: Path, kind: DocumentKind, code: str, title: str) -> str:
        started = time.monotonic()
        content = paper_pdf(kind, sample_payload(kind, code))
        seconds = time.monotonic() - started
        name = f"{kind}-{code}"
        (folder / f"{name}.pdf").write_bytes(content)
        pages = pypdfium2.PdfDocument(content)
        pictures = []
        for index in range(min(len(pages), _SHOWN)):
            picture = f"{name}-{index + 1}.png"
            pages[index].render(scale=_SCALE).to_pil().save(folder / picture)
            pictures.append(f'<img src="{picture}" alt="" width="560">')
        self.stdout.write(f"{kind.label:22} {title:40} {len(pages):4} л. {seconds:6.1f} с")
        return (
            f'<h2><a href="{name}.pdf">{escape(str(kind.label))}: {escape(title)}</a></h2>{"".join(pictures)}'
        )
