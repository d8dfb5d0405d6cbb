"""A text of the portal's own, in each language that people are written to in."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Said:
    """One text in Russian, which the portal shows, and in English, for letters to who reads English."""

    russian: str
    english: str

    def __str__(self) -> str:
        return self.russian


def said(russian: object, english: str, **facts: object) -> Said:
    """Fill the same facts into both; a fact that is said in two languages comes in each in its own."""
    return Said(
        str(russian).format(**{name: str(fact) for name, fact in facts.items()}),
        english.format(**{name: english_of(fact) for name, fact in facts.items()}),
    )


def as_it_is(text: object) -> Said:
    """Names and words of people: the same in every language."""
    return Said(str(text), str(text))


def joined(parts: Iterable[Said | str], separator: str) -> Said:
    """Texts one after another; empty ones are left out."""
    told = [part for part in parts if str(part)]
    return Said(separator.join(map(str, told)), separator.join(map(english_of, told)))


def english_of(text: object) -> str:
    return text.english if isinstance(text, Said) else str(text)
