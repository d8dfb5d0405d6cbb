"""XML of strangers read without a danger: no DTD, no entities, no network, bounded size and depth."""

import re

from lxml import etree

Element = etree._Element

SIZE_LIMIT = 8 * 1024 * 1024
_MOST_TAGS = 400_000
_DEEPEST = 60
_DECLARED = re.compile(
    rb"""(?:\xef\xbb\xbf)?\s*<\?xml[^>]{0,200}?encoding\s*=\s*["']([A-Za-z0-9._\-]{1,40})["']"""
)
# In these a markup letter is its ASCII byte, so that a DTD cannot hide from the look for one below.
_ENCODINGS = frozenset(
    {"utf-8", "utf8", "windows-1251", "cp1251", "us-ascii", "ascii", "koi8-r", "iso-8859-1", "iso-8859-5"}
)
_BOM = b"\xef\xbb\xbf"
_FORBIDDEN = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


class XmlRefused(Exception):
    """The file is not read; the text says why, for a person."""


def xml_root(content: bytes) -> Element:
    """Parse a file by the encoding it declares. Raises XmlRefused."""
    if len(content) > SIZE_LIMIT:
        raise XmlRefused(f"Файл больше {SIZE_LIMIT // 1024 // 1024} МБ, его можно только скачать")
    declared = _DECLARED.match(content)
    encoding = declared[1].decode("ascii").lower() if declared else "utf-8"
    if encoding not in _ENCODINGS:
        raise XmlRefused(f"Кодировка {encoding} не поддерживается")
    if _FORBIDDEN.search(content):
        raise XmlRefused("В файле есть DTD или сущности, такой файл портал не читает")
    if content.count(b"<") > _MOST_TAGS:
        raise XmlRefused("В файле слишком много элементов")
    return _parsed(content.removeprefix(_BOM), encoding)


def _parsed(content: bytes, encoding: str) -> Element:
    parser = etree.XMLParser(
        encoding=encoding,  # what was looked at is what is read: UTF-16 is not guessed from the bytes
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError, LookupError) as error:
        raise XmlRefused("Файл испорчен: это не XML") from error
    if _depth(root) > _DEEPEST:
        raise XmlRefused("В файле слишком глубокая вложенность")
    return root


def _depth(root: Element) -> int:
    """How deep elements stand in one another, without recursion."""
    depth = deepest = 0
    for event, _told in etree.iterwalk(root, events=("start", "end")):
        depth += 1 if event == "start" else -1
        deepest = max(deepest, depth)
    return deepest
