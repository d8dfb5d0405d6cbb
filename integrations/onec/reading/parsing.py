"""An uploaded XML as events, with everything refused that could harm the portal."""

from collections.abc import Collection, Generator, Iterable, Iterator, Sequence
from pathlib import Path

from lxml import etree

from integrations.onec.reading.elements import name_of
from integrations.onec.reading.source import XmlSource
from integrations.onec.refusal import ExchangeRefusal

ROOT = "КоммерческаяИнформация"

Element = etree._Element


def xml_events(
    path: Path,
    *,
    name: str,
    tags: Sequence[str],
    roots: Collection[str] = (ROOT,),
    without: Iterable[tuple[int, int, int]] = (),
) -> Generator[tuple[str, Element]]:
    """Start and end of the root and of the named elements, whatever their namespace.

    `without` are places of the file to leave out, see `XmlSource`.
    Raises ExchangeRefusal for a document type (entities and outside files come with it), another root,
    a file that is cut off or damaged.
    """
    with XmlSource(path, name=name, without=without) as source:
        try:
            yield from _checked(source, name, tags, roots)
        except etree.XMLSyntaxError as error:
            line = error.lineno or 0
            raise ExchangeRefusal(
                f"{name}: файл обрезан или повреждён, строка {line} ({error.msg})"
            ) from error


def _checked(
    source: XmlSource, name: str, tags: Sequence[str], roots: Collection[str]
) -> Iterator[tuple[str, Element]]:
    events = etree.iterparse(
        source,
        events=("start", "end"),
        tag=[f"{{*}}{tag}" for tag in (ROOT, *tags)],
        encoding=source.encoding,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    is_first = True
    for event, element in events:
        if is_first:
            _check_root(element, name, roots)
            is_first = False
        yield event, element
    if is_first:
        raise ExchangeRefusal(f"{name}: в файле нет элемента {ROOT}")


def _check_root(element: Element, name: str, roots: Collection[str]) -> None:
    """Refuse a document type before anything is read: entities and outside files come with it."""
    tree = element.getroottree()
    if getattr(tree.docinfo, "doctype", ""):  # the stubs do not know it
        raise ExchangeRefusal(f"{name}: в файле есть DOCTYPE, такие файлы не принимаются")
    root = name_of(tree.getroot())
    if root not in roots:
        raise ExchangeRefusal(f"{name}: корневой элемент «{root}», ожидается «{ROOT}»")
