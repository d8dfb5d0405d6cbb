"""Names of people as exchange files need them: surname, name and patronymic apart."""

import re

from documents.payloads.parts import Party, PersonName, Signer

_TITLES = re.compile(r"^(?:ИП|Индивидуальный предприниматель)\s+", re.IGNORECASE)
_LEAST, _MOST = 2, 3


def person_of(signer: Signer) -> PersonName | None:
    """The signer's full name; None where only «Иванов И. И.» is known."""
    return signer.person or _full(signer.name)


def entrepreneur_of(party: Party) -> PersonName | None:
    """The name of an entrepreneur, taken from «ИП Соколова Анна Игоревна» where it is not told apart."""
    return party.person or _full(_TITLES.sub("", party.full_name or party.name))


def _full(text: str) -> PersonName | None:
    words = text.split()
    if not _LEAST <= len(words) <= _MOST or any("." in word or len(word) == 1 for word in words):
        return None
    return PersonName(surname=words[0], name=words[1], patronymic=words[2] if len(words) == _MOST else "")
