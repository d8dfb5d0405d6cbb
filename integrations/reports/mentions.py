"""«Что 1С прислала про этот товар»: the last files that name a good, and what they say of it."""

import re
import time
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from django.db.models import QuerySet
from lxml import etree

from integrations.models import ExchangeFile, ExternalId, ExternalKind
from integrations.onec.reading.elements import LOCAL, child_text
from integrations.onec.reading.source import XmlSource
from integrations.onec.refusal import ExchangeRefusal
from integrations.onec.texts import offer_key
from integrations.services.keeping import file_content

FILES = 300
_SECONDS = 8.0
_BLOCK = 1024 * 1024
_LENGTH = 6000
_NAMESPACE = re.compile(r' xmlns(:\w+)?="[^"]*"')
_TAGS = ["{*}Товар", "{*}Предложение"]


@dataclass(frozen=True, slots=True)
class Mention:
    """A file and the elements in it that are about the good, as they came."""

    file: ExchangeFile
    texts: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Search:
    """What was found, newest first; `is_whole` when no file was left out for want of time."""

    mentions: tuple[Mention, ...]
    looked_at: int
    is_whole: bool


def product_mentions(*, product_id: int, seconds: float = _SECONDS) -> Search:
    """Look through the kept files of the bases that know the good, newest first, for so many seconds."""
    until = time.monotonic() + seconds
    known = dict(
        ExternalId.objects.filter(kind=ExternalKind.PRODUCT, object_id=product_id).values_list(
            "node", "external_id"
        )
    )
    mentions, looked_at = [], 0
    files = list(_files(known)[: FILES + 1])
    for file in files[:FILES]:
        if time.monotonic() >= until:
            break
        looked_at += 1
        texts = tuple(_texts(file, known[file.session.node_id]))
        if texts:
            mentions.append(Mention(file, texts))
    return Search(tuple(mentions), looked_at, is_whole=looked_at == len(files))


def _files(node_ids: Collection[int]) -> QuerySet[ExchangeFile]:
    files = ExchangeFile.objects.filter(session__node__in=node_ids, finished_at__isnull=False)
    return (
        files.filter(name__iendswith=".xml").select_related("session__node").order_by("-finished_at", "-pk")
    )


def _texts(file: ExchangeFile, external_id: str) -> Iterator[str]:
    try:
        with file_content(file) as path:
            if _contains(path, external_id):
                yield from _elements(path, file.name, external_id)
    except (ExchangeRefusal, etree.XMLSyntaxError):  # no copy any more, or a file that was refused itself
        return


def _contains(path: Path, external_id: str) -> bool:
    """Search the bytes first: most files are about other goods, and parsing is slow."""
    needles = {external_id.encode(code, errors="ignore").lower() for code in ("utf-8", "windows-1251")}
    needles.discard(b"")
    tail = b""
    with path.open("rb") as stream:
        while block := stream.read(_BLOCK):
            text = tail + block.lower()
            if any(needle in text for needle in needles):
                return True
            tail = text[-400:]
    return False


def _elements(path: Path, name: str, external_id: str) -> Iterator[str]:
    with XmlSource(path, name=name) as source:
        events = etree.iterparse(
            source,
            tag=_TAGS,
            encoding=source.encoding,
            resolve_entities=False,
            no_network=True,
            load_dtd=False,
            remove_comments=True,
        )
        for _event, element in events:
            if offer_key(child_text(element, "Ид"))[0] == external_id:
                yield _shown(element)
            if LOCAL[element.tag] in {"Товар", "Предложение"}:
                element.clear()


def _shown(element: etree._Element) -> str:
    """The element as text; its namespace is no news."""
    text = etree.tostring(element, encoding="unicode", with_tail=False)
    return _NAMESPACE.sub("", text)[:_LENGTH]
