"""How files of an archive are named: a pattern of the accountant's, safe for any file system."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from string import Formatter
from unicodedata import normalize

from django.utils.translation import gettext_lazy as _

from portal.files.serving import safe_name

DEFAULT_PATTERN = "{date} {kind} {number} {inn}"
FIELDS = {
    "date": _("дата, 2026-11-20"),
    "kind": _("вид документа"),
    "number": _("номер"),
    "inn": _("ИНН юрлица"),
    "firm": _("юрлицо"),
    "total": _("сумма с НДС"),
    "order": _("заказ"),
}
"""What a pattern may name."""
_LONGEST = 110
"""Letters of a name without its ending: Cyrillic takes two bytes, a file system 255."""
_DEVICES = frozenset(
    ("con", "prn", "aux", "nul", *(f"{name}{place}" for name in ("com", "lpt") for place in range(10)))
)


class WrongPattern(Exception):
    """A pattern names what there is not; the message tells what."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """What a name is made of."""

    date: date | None
    kind: str
    number: str
    inn: str
    firm: str = ""
    total: Decimal | None = None
    order: str = ""


def pattern_check(pattern: str) -> None:
    """Only the known fields, plainly: no attributes, no formats. Raises WrongPattern."""
    if "\0" in pattern:
        raise WrongPattern("В имени есть знаки, которых не видно.")
    found = list(_fields(pattern))
    for field in found:
        if field not in FIELDS:
            known = ", ".join(f"{{{name}}}" for name in FIELDS)
            raise WrongPattern(f"Поля {{{field}}} нет. Можно указать: {known}.")
    if not {"number", "date"} & set(found):
        raise WrongPattern("Укажите в имени номер {number} или дату {date}, иначе файлы не различить.")


def name_of(pattern: str, facts: Named) -> str:
    """A name without ending: path signs and signs of control are left out. Raises WrongPattern."""
    pattern_check(pattern)
    told = {
        "date": f"{facts.date:%Y-%m-%d}" if facts.date else "без даты",
        "kind": facts.kind,
        "number": facts.number or "без номера",
        "inn": facts.inn,
        "firm": facts.firm,
        "total": "" if facts.total is None else f"{facts.total:.2f}",
        "order": facts.order,
    }
    plain = "".join(text + (told[field] if field else "") for text, field in _pieces(pattern))
    name = safe_name(" ".join(plain.split()))[:_LONGEST].strip(" .") or "file"
    return f"_{name}" if name.split(".")[0].strip().lower() in _DEVICES else name


def marked(name: str, mark: str) -> str:
    """A name with what the file is, no longer than names may be."""
    return f"{name[: _LONGEST - len(mark) - 1].rstrip(' .')} {mark}" if mark else name


class Names:
    """Names given out so far in one archive: the same one again gets a number."""

    def __init__(self) -> None:
        self._taken: set[str] = set()
        self._last: dict[str, int] = {}

    def free(self, name: str, ending: str) -> str:
        """«УПД 17.pdf», then «УПД 17 (2).pdf»; case does not tell names apart."""
        name, asked = normalize("NFC", name), f"{name}.{ending}".casefold()
        place = self._last.get(asked, 1)
        found = f"{name}.{ending}" if place == 1 else f"{name} ({place}).{ending}"
        while found.casefold() in self._taken:
            place += 1
            found = f"{name} ({place}).{ending}"
        self._taken.add(found.casefold())
        self._last[asked] = place
        return found


def _fields(pattern: str) -> Iterator[str]:
    return (field for _text, field in _pieces(pattern) if field is not None)


def _pieces(pattern: str) -> Iterator[tuple[str, str | None]]:
    try:
        for text, field, form, conversion in Formatter().parse(pattern):
            if form or conversion:
                raise WrongPattern(f"Поле {{{field}}} пишут без двоеточия и восклицательного знака.")
            yield text, field
    except ValueError as error:
        raise WrongPattern("Скобки { и } в имени стоят не парами.") from error
