"""Dictionary forms of Russian words; the analyzer is made once, at the first word."""

from functools import lru_cache
from typing import Any

import pymorphy3

from catalog.search.letters import CYRILLIC, script_of, to_cyrillic, to_latin

_NAMING = {"NOUN", "ADJF", "ADJS", "PRTF", "PRTS"}
_PERSONAL = {"Name", "Surn", "Patr"}
_PROPER = _PERSONAL | {"Geox", "Abbr", "Orgn", "Trad"}
_MOST_READINGS = 3
_ADJECTIVE_ENDINGS = ("ый", "ий", "ая", "ое", "ые", "ие", "ого", "ому", "ыми", "ими", "ых", "их", "ую")
_SHORT = 3

STOP_WORDS = frozenset(
    [
        "для",
        "по",
        "с",
        "со",
        "в",
        "во",
        "на",
        "и",
        "из",
        "от",
        "к",
        "ко",
        "под",
        "при",
        "о",
        "об",
        "у",
        "за",
        "до",
        "или",
        "а",
        "the",
        "of",
        "for",
        "with",
    ]
)
"""Words that tell nothing of a good; "без" is not among them: a socket without an earth is another socket."""


@lru_cache(1)
def _analyzer() -> Any:
    return pymorphy3.MorphAnalyzer()


@lru_cache(100_000)
def fold(word: str) -> str:
    """A word in one script: look-alike letters follow the letters that have no twin.

    Where every letter has a twin, the keys that were used decide ("Ресанта"); up to three letters, where
    abbreviations
    are written either way, a word of the dictionary is Russian ("сок") and the rest Latin ("HP").
    """
    script = script_of(word)
    if script == "cyrillic":
        return to_cyrillic(word)
    if script == "latin":
        return to_latin(word)
    if len(word) > _SHORT:
        return to_cyrillic(word) if CYRILLIC.search(word) else word
    russian = to_cyrillic(word)
    return russian if len(word) == _SHORT and _is_common(russian) else to_latin(word)


def _is_common(word: str) -> bool:
    return any(
        parse.is_known and _names(parse) and not _PROPER & parse.tag.grammemes
        for parse in _analyzer().parse(word)
    )


@lru_cache(200_000)
def lemmas(word: str) -> tuple[str, ...]:
    """Dictionary forms of a folded word by its naming readings, likeliest first; the word itself when it has
    none.
    """
    if len(word) < 3 or not CYRILLIC.search(word):
        return (word,)
    found: list[str] = []
    for parse in _readings(word):
        lemma = _lemma(parse)
        if lemma not in found:
            found.append(lemma)
    return tuple(found[:_MOST_READINGS]) or (word,)


@lru_cache(200_000)
def is_noun(word: str) -> bool:
    """Whether the likeliest naming reading is a noun; a word of no naming reading is not."""
    return bool(CYRILLIC.search(word)) and any(parse.tag.POS == "NOUN" for parse in _readings(word)[:1])


@lru_cache(50_000)
def is_russian(word: str) -> bool:
    """Whether the dictionary of the language knows the word."""
    return bool(_analyzer().word_is_known(word))


def forms(lemma: str) -> set[str]:
    """All inflections of a lemma, itself included; words of the catalogue that nobody declines have one."""
    found = {lemma}
    if len(lemma) < 3 or not CYRILLIC.search(lemma):
        return found
    if lemma.endswith("ый"):
        found.add(lemma[:-2] + "ой")
    for parse in _analyzer().parse(lemma):
        if _names(parse) and _lemma(parse) == lemma:
            found.update(
                form.word.replace("ё", "е")
                for form in parse.lexeme
                if form.tag.POS in _NAMING and _plain(form)
            )
            break
    return found


def _plain(form: Any) -> bool:
    """Not a superlative or a comparative: nobody asks for "кабельнейший"."""
    return "Supr" not in form.tag and not form.word.startswith("наи")


def _names(parse: Any) -> bool:
    return parse.tag.POS in _NAMING


def _readings(word: str) -> list[Any]:
    """Naming readings of a word; persons' names only when nothing else is left."""
    naming = [parse for parse in _analyzer().parse(word) if _names(parse)]
    if word.endswith(_ADJECTIVE_ENDINGS) and not any(parse.is_known for parse in naming):
        naming.sort(key=lambda parse: parse.tag.POS == "NOUN")  # what is only guessed looks like an adjective
    common = [parse for parse in naming if not _PERSONAL & parse.tag.grammemes]
    return common or naming


def _lemma(parse: Any) -> str:
    """The masculine of a participle, the normal form of the rest; -ой and -ый are one ("шаровой",
    "шаровый").
    """
    tag = parse.tag
    form = parse.normal_form
    if tag.POS in ("PRTF", "PRTS"):
        masculine = parse.inflect({"PRTF", "sing", "masc", "nomn"})
        form = masculine.word if masculine else form
    form = form.replace("ё", "е")
    if tag.POS != "NOUN" and form.endswith("ой"):
        form = form[:-2] + "ый"
    return str(form)
