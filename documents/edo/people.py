"""Names of people as exchange files need them: surname, name and patronymic apart."""

from documents.payloads.parts import Party, PersonName, Signer, person_named


def person_of(signer: Signer) -> PersonName | None:
    """The signer's full name; None where only «Иванов И. И.» is known."""
    return signer.person or person_named(signer.name)


def entrepreneur_of(party: Party) -> PersonName | None:
    """The name of an entrepreneur, taken from «ИП Соколова Анна Игоревна» where it is not told apart."""
    return party.person or person_named(party.full_name) or person_named(party.name)
