"""Who signs an exchange file, and by what right."""

from documents.edo.elements import Element, element
from documents.edo.parties import full_name
from documents.edo.people import person_of
from documents.payloads.parts import Authority, Signer
from portal.lib.dates import format_date

OWN_RIGHT, ELECTRONIC, PAPER = "1", "3", "5"
"""СпосПодтПолном: the certificate itself tells; a машиночитаемая доверенность; one on paper."""
_QUALIFIED = "1"


def signer(person: Signer | None) -> Element:
    """Подписант; without a person it is left empty, which the rules name as a fault."""
    if person is None:
        return element("Подписант", element("ФИО"), СпосПодтПолном=OWN_RIGHT)
    authority = person.authority
    return element(
        "Подписант",
        full_name(person_of(person)),
        _authority(authority) if authority else None,
        Должн=person.role,
        ТипПодпис=_QUALIFIED,
        СпосПодтПолном=_right(authority),
    )


def _right(authority: Authority | None) -> str:
    if authority is None:
        return OWN_RIGHT
    return ELECTRONIC if authority.guid else PAPER


def _authority(authority: Authority) -> Element:
    day = format_date(authority.day)
    if authority.guid:
        return element(
            "СвДоверЭл",
            НомДовер=authority.guid,
            ДатаВыдДовер=day,
            ВнНомДовер=authority.number,
            ИдСистХран=authority.system,
        )
    return element("СвДоверБум", ДатаВыдДовер=day, ВнНомДовер=authority.number)
