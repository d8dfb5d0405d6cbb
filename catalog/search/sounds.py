"""How a word sounds and how it is spelled in the other script."""

import re
from functools import lru_cache
from itertools import product

from catalog.search.letters import CYRILLIC

_CYRILLIC_SOUNDS = str.maketrans(
    dict(
        zip("абвгдежзийклмнопрстуфхцчшщыэюя", "abvgdejsiiklmnoprstufhsCSSieua", strict=True),
    )
    | {"ъ": "", "ь": ""}
)
_CYRILLIC_GROUPS = (("дж", "ж"), ("тс", "с"), ("йо", "о"), ("ье", "е"), ("ия", "иа"), ("ью", "у"))
_LATIN_SOUNDS = """
    sch>S tsch>C tch>C sh>S ch>C ph>f th>t ck>k qu>kv zh>j kh>h ts>s tz>s
    ee>i ea>i oo>u ou>u ie>i x>ks w>v y>i q>k z>s
"""
_LATIN_GROUPS = tuple((pair.split(">")[0], pair.split(">")[1]) for pair in _LATIN_SOUNDS.split())
_SOFT_C = re.compile(r"c(?=[eiy])")
_DOUBLES = re.compile(r"(.)\1+")
_VOWELS = re.compile(r"[aeiou]")
_SILENT = re.compile(r"[aeiouh]")
_HISSING = str.maketrans("SCj", "sss")

_RUSSIAN_LETTERS = """
    shch>щ sch>щ|ш zh>ж kh>х ts>ц tc>ц ch>ч sh>ш yu>ю ya>я yo>е ye>е ju>ю ja>я iu>ю ia>ия|я iy>ий yy>ый
    a>а b>б c>ц|к d>д e>е f>ф g>г h>х i>и j>й|ж k>к l>л m>м n>н o>о p>п q>к r>р s>с t>т u>у v>в w>в
    x>кс|х y>ы|й z>з '>ь
"""
_SPELLINGS = {pair.split(">")[0]: tuple(pair.split(">")[1].split("|")) for pair in _RUSSIAN_LETTERS.split()}
_SYLLABLES = re.compile("|".join(sorted(map(re.escape, _SPELLINGS), key=len, reverse=True)))
_MOST_SPELLINGS = 8


@lru_cache(20_000)
def sound(word: str) -> str:
    """The sound of a word of either script: bosch and бош are `boS`; ц, с and з are one, so are ш and щ."""
    if CYRILLIC.search(word):
        for group, plain in _CYRILLIC_GROUPS:
            word = word.replace(group, plain)
        return _DOUBLES.sub(r"\1", word.translate(_CYRILLIC_SOUNDS))
    if not _VOWELS.search(word):
        word = word.replace("c", "s")  # letters of an abbreviation are told one by one: DKC is дкс
    word = _SOFT_C.sub("s", word)
    for group, plain in _LATIN_GROUPS:
        word = word.replace(group, plain)
    return _DOUBLES.sub(r"\1", word.replace("c", "k"))


def skeleton(key: str) -> str:
    """Consonants of a sound: vowels, h and hissing are what people hear differently (Grohe, грое; Stihl,
    штиль).
    """
    return _DOUBLES.sub(r"\1", _SILENT.sub("", key).translate(_HISSING))


@lru_cache(5_000)
def russian_spellings(word: str) -> tuple[str, ...]:
    """Russian spellings of a Latin one, likeliest first: `shtukaturka`, `germetik`."""
    choices = [_SPELLINGS[found] for found in _SYLLABLES.findall(word)]
    spelled: list[str] = []
    for letters in product(*choices):
        spelled.append("".join(letters))
        if len(spelled) >= _MOST_SPELLINGS:
            break
    return tuple(spelled)
