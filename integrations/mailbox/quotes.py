"""What a person wrote in an answer, without the letter that he answered and without his signature."""

import re

_LOOKED_AHEAD = 3  # programs wrap the line over a quoted letter
_ADDRESS = r"[^\s<>@]+@[^\s<>@]+"
_OVER_QUOTE = (
    # Gmail, Mail.ru, Yandex, Apple: somebody's address and a time, and the line ends with a colon.
    re.compile(rf"^(?=.*{_ADDRESS})(?=.*\b\d{{1,2}}[:.]\d{{2}}\b).{{10,300}}:$"),
    re.compile(
        r"^.{6,300}\b(?:wrote|writes|написал|написала|написал\(а\)|пишет|писал|писала)\s*:$", re.IGNORECASE
    ),
)
_BEGINS_QUOTE = (
    re.compile(
        r"^-{2,}\s*(?:исходное сообщение|original message|пересылаемое сообщение)\s*-{2,}$", re.IGNORECASE
    ),
    re.compile(r"^_{20,}$"),
)
_HEADERS = re.compile(
    r"^\*?(?:от|from|отправлено|sent|дата|date|кому|to|тема|subject)\*?\s*:\*?\s+\S", re.IGNORECASE
)
_FROM = re.compile(r"^\*?(?:от|from)\*?\s*:", re.IGNORECASE)
_SIGNATURE = re.compile(r"^--\s?$")
_MANY_GAPS = re.compile(r"\n{3,}")


def own_words(text: str) -> str:
    """Cut off the quoted letter and the signature; answers between quoted lines stay with them.

    >>> own_words("Да, жду.\\n\\nпн, 23 нояб. 2026 г. в 10:41, Портал <talk@portal.example>:\\n> Отгрузим?")
    'Да, жду.'
    """
    lines = [line.rstrip() for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n")]
    kept = lines[: _end(lines)]
    while kept and (not kept[-1].strip() or kept[-1].lstrip().startswith(">")):
        kept.pop()
    return _MANY_GAPS.sub("\n\n", "\n".join(kept)).strip()


def _end(lines: list[str]) -> int:
    """Where the words of the person end."""
    for number, line in enumerate(lines):
        plain = line.strip()
        if _SIGNATURE.match(line) or any(mark.match(plain) for mark in _BEGINS_QUOTE):
            return number
        if _is_headers(lines, number) or _is_over_quote(lines, number):
            return number
    return len(lines)


def _is_headers(lines: list[str], number: int) -> bool:
    """Outlook puts the headers of the old letter over it: «От: … Отправлено: … Кому: …»."""
    if not _FROM.match(lines[number].strip()):
        return False
    following = [line.strip() for line in lines[number : number + 5]]
    return sum(bool(_HEADERS.match(line)) for line in following) >= 3


def _is_over_quote(lines: list[str], number: int) -> bool:
    if not lines[number].strip() or lines[number].lstrip().startswith(">"):
        return False
    for count in range(1, _LOOKED_AHEAD + 1):
        wrapped = lines[number : number + count]
        if any(not line.strip() for line in wrapped):
            return False
        joined = " ".join(line.strip() for line in wrapped)
        if len(joined) <= 400 and any(mark.match(joined) for mark in _OVER_QUOTE):
            return True
    return False
