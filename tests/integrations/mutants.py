"""Files of 1C spoiled at random: bytes, letters, tags, numbers, ids. The same seed gives the same files."""

import random
import re
from collections.abc import Callable, Iterator

Mutation = Callable[[random.Random, str], str | bytes]

_TEXT = re.compile(r">([^<>]+)<")
_TAG = re.compile(r"</?([\w]+)")
_HOSTILE = (
    "", " ", "-", "NaN", "Infinity", "-1", "1e309", "1e-400", "0x10", "١٢٣", "9" * 400, "0." + "0" * 60 + "1",
    "1,5.5", "12:61", "T", "0001-01-01", "2026-13-45T99:99:99", "&#0;", "&#x1F;", "&#x10FFFF;", "&amp;lt;",
    "&nosuch;", "\u202e", "\ufeff", "Ё" * 5000, "'; DROP TABLE catalog_product; --", "%s%n%x",
    "../../etc/passwd", "#", "a#b#c", "#" * 200, "00000000-0000-0000-0000-000000000000", "true",
    "Без НДС", "99",
)  # fmt: skip
_SNIPPETS = (
    "<Товар>", "</Товар>", "<Ид/>", "<Ид></Ид>", "<!-- -->", "<![CDATA[x]]>", "<?x y?>",
    "<Неведомое><А/></Неведомое>",
    '<Склад ИдСклада="" КоличествоНаСкладе="?"/>', "<Цены/>",
    "<ЗначенияСвойств><ЗначенияСвойства/></ЗначенияСвойств>",
    "<Группы>" * 40, "<Количество>1</Количество>" * 3,
)  # fmt: skip


def mutants(bases: list[str], count: int, seed: int) -> Iterator[tuple[int, bytes]]:
    """Number and bytes of each; one to four faults in a file."""
    for number in range(count):
        chance = random.Random(f"{seed}:{number}")
        text: str | bytes = chance.choice(bases)
        for _ in range(chance.choice((1, 1, 1, 2, 3, 4))):
            if isinstance(text, str):
                text = chance.choice(_MUTATIONS)(chance, text)
        yield number, text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")


def _place(chance: random.Random, text: str) -> int:
    return chance.randrange(len(text) + 1)


def _value(chance: random.Random, text: str) -> str:
    """Another text between two tags."""
    found = list(_TEXT.finditer(text))
    if not found:
        return text
    one = chance.choice(found)
    return text[: one.start(1)] + chance.choice(_HOSTILE) + text[one.end(1) :]


def _attribute(chance: random.Random, text: str) -> str:
    found = list(re.finditer(r'="([^"]*)"', text))
    if not found:
        return text
    one = chance.choice(found)
    told = chance.choice(_HOSTILE).replace('"', "")
    return text[: one.start(1)] + told + text[one.end(1) :]


def _snippet(chance: random.Random, text: str) -> str:
    place = text.find(">", _place(chance, text)) + 1
    return text[:place] + chance.choice(_SNIPPETS) + text[place:]


def _tag(chance: random.Random, text: str) -> str:
    """An element called otherwise, both its ends."""
    names = sorted(set(_TAG.findall(text)))
    if not names:
        return text
    one, other = chance.choice(names), chance.choice([*names, "Прочее"])
    return re.sub(rf"(</?){one}\b", rf"\g<1>{other}", text)


def _cut(chance: random.Random, text: str) -> str:
    start = _place(chance, text)
    return text[:start] + text[start + chance.randrange(1, 400) :]


def _end(chance: random.Random, text: str) -> str:
    return text[: _place(chance, text)]


def _twice(chance: random.Random, text: str) -> str:
    start = _place(chance, text)
    end = start + chance.randrange(1, 600)
    return text[:end] + text[start:end] + text[end:]


def _swap(chance: random.Random, text: str) -> str:
    found = list(_TEXT.finditer(text))
    if len(found) < 2:
        return text
    first, second = sorted(chance.sample(range(len(found)), 2))
    a, b = found[first], found[second]
    return text[: a.start(1)] + b[1] + text[a.end(1) : b.start(1)] + a[1] + text[b.end(1) :]


def _bytes(chance: random.Random, text: str) -> bytes:
    spoiled = bytearray(text.encode("utf-8", "surrogatepass"))
    for _ in range(chance.randrange(1, 6)):
        if spoiled:
            spoiled[chance.randrange(len(spoiled))] = chance.randrange(256)
    return bytes(spoiled)


def _charset(chance: random.Random, text: str) -> bytes:
    """Declared as one charset, written in another."""
    declared = chance.choice(("windows-1251", "utf-16", "koi8-r", "no-such", "UTF-8"))
    written = chance.choice(("cp1251", "utf-16", "utf-8-sig", "koi8-r"))
    return text.replace("UTF-8", declared, 1).encode(written, "replace")


def _before(chance: random.Random, text: str) -> str:
    return chance.choice(("undefined", "\n\n", "\ufeff", "<html>", "\x00", "PK\x03\x04")) + text


_MUTATIONS: tuple[Mutation, ...] = (
    _value, _value, _value, _attribute, _snippet, _tag, _cut, _end, _twice, _swap, _bytes, _charset, _before,
)  # fmt: skip
