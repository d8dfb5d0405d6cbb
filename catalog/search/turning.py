"""Queries typed in the wrong keyboard layout, turned chunk by chunk before they are cut into tokens."""

from enum import Enum

from catalog.search.keyboard import typed_in_latin, typed_in_russian
from catalog.search.letters import CYRILLIC, LATIN, clean
from catalog.search.lexicon import Lexicon
from catalog.search.morphology import STOP_WORDS
from catalog.search.tokens import Kind, Token, spell, tokens, word_parts

_TELLING = 3
"""A turned word shorter than this proves nothing by itself."""
_SIGNS_OF_LETTERS = set("[]{};'`~@<>")
_TERM_KINDS = {Kind.MEASURE: "u:", Kind.SIZE: "s:", Kind.INCH: "i:", Kind.RANGE: "s:", Kind.NUMBER: "n:"}


class Verdict(Enum):
    KEPT = "kept"
    TURNED = "turned"
    DOUBTFUL = "doubtful"


def turn(text: str, lexicon: Lexicon, *, is_open: bool = False) -> str:
    """The query with chunks of the wrong layout turned; `is_open`: its last word may not be typed to the end.

    A doubtful chunk (`4k` may be 4 л) goes with its neighbours.
    """
    chunks = text.split()
    last = len(chunks) - 1 if is_open else -1
    judged = [_judge(chunk, lexicon, number == last) for number, chunk in enumerate(chunks)]
    is_turned = any(verdict is Verdict.TURNED for verdict, _ in judged)
    if not is_turned:
        return text
    return " ".join(
        turned if verdict is not Verdict.KEPT else chunk
        for chunk, (verdict, turned) in zip(chunks, judged, strict=True)
    )


def _judge(chunk: str, lexicon: Lexicon, is_open: bool) -> tuple[Verdict, str]:
    if chunk.isdigit() or (chunk.isalpha() and lexicon.knows(lexicon.fold(chunk.lower().replace("ё", "е")))):
        return Verdict.KEPT, chunk
    is_russian = bool(CYRILLIC.search(chunk.lower()))
    if is_russian and any(map(str.isdigit, chunk)):
        return Verdict.KEPT, chunk
    if is_russian and LATIN.search(chunk.lower()):
        return Verdict.KEPT, chunk
    turned = typed_in_latin(chunk) if is_russian else typed_in_russian(chunk)
    before, after = tokens(spell(clean(chunk))), tokens(spell(clean(turned)))
    if turned == chunk.lower() or not after or _is_known(before, lexicon, is_open=False):
        return Verdict.KEPT, chunk
    if is_open and _is_known(before, lexicon, is_open=True):
        return Verdict.DOUBTFUL, turned
    words = [piece for token in after if token.kind is Kind.WORD for piece in word_parts(token.key)]
    if not words:
        return _judge_figure(chunk, before, after, lexicon), turned
    if not _is_known(after, lexicon, is_open=is_open):
        return (Verdict.KEPT if is_russian or any(map(str.isdigit, chunk)) else Verdict.DOUBTFUL), turned
    return (Verdict.TURNED if max(map(len, words)) >= _TELLING else Verdict.DOUBTFUL), turned


def _judge_figure(chunk: str, before: list[Token], after: list[Token], lexicon: Lexicon) -> Verdict:
    """`7vv`, `8[150`, `1@`: turned when a number gets a unit and the chunk as typed is no size of the
    catalogue.
    """
    if any(token.kind in (Kind.CODE, Kind.NUMBER) for token in after) or len(after) > 1:
        return Verdict.KEPT
    if not _is_figure_known(after[0], lexicon):
        return Verdict.DOUBTFUL
    is_code = len(before) == 1 and before[0].kind is Kind.CODE
    return Verdict.TURNED if is_code or _SIGNS_OF_LETTERS & set(chunk) else Verdict.DOUBTFUL


def _is_known(found: list[Token], lexicon: Lexicon, *, is_open: bool) -> bool:
    """Whether every word is a word of the catalogue, or the beginning of one, and every size one of its
    sizes.
    """
    if not found:
        return False
    pieces = [piece for token in found if token.kind is Kind.WORD for piece in word_parts(token.key)]
    for number, piece in enumerate(pieces):
        word = lexicon.fold(piece)
        if lexicon.knows(word) or (piece in STOP_WORDS and len(pieces) > 1):
            continue
        if not (is_open and number == len(pieces) - 1 and lexicon.starting(word, 1)):
            return False
    if pieces:
        return True
    return all(_is_figure_known(token, lexicon) for token in found)


def _is_figure_known(token: Token, lexicon: Lexicon) -> bool:
    kind, key = _TERM_KINDS.get(token.kind), token.key
    if kind is None:
        return False
    return lexicon.count(kind + key) > 0 or (token.kind is Kind.SIZE and lexicon.count(f"p:{key}") > 0)
