"""The client's own act as XML of КНД 1110332 (`ON_AKTSVEROTP`), read without opening anything else."""

from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from documents.acts.theirs import TheirAct, TheirLine
from documents.edo.parsing import Element, XmlRefused, xml_root
from portal.lib.money import q2
from portal.lib.tables import TableRefused

_MOST_LINES = 10_000
_BROKEN = "XML повреждён или это не акт сверки формата КНД 1110332"
_ZERO = Decimal("0.00")


def xml_act(content: bytes, *, our_inn: str) -> TheirAct:
    """Read the sender's information; where we are the sender, the books are ours.

    Raises TableRefused with a reason for the person.
    """
    root = _parsed(content)
    document, table = root.find("Документ"), root.find("Документ/ТаблАкт")
    if document is None or table is None or document.get("КНД", "1110332") != "1110332":
        raise TableRefused(_BROKEN)
    found = list(table.iter("СвОпер"))
    if len(found) > _MOST_LINES:
        raise TableRefused("В акте больше 10 000 строк: разделите период")
    sender = document.find("СвДокКрАкт/СвОтпр/ИдСв")
    inns = [one.get("ИННЮЛ") or one.get("ИННФЛ") for one in sender] if sender is not None else []
    return TheirAct(
        lines=tuple(_line(one, position) for position, one in enumerate(found, start=1)),
        opening=_money(table, "СальдоНачДеб") - _money(table, "СальдоНачКр"),
        closing=_money(table, "СальдоКонДеб") - _money(table, "СальдоКонКр"),
        is_mirrored=our_inn not in inns,
    )


def _parsed(content: bytes) -> Element:
    try:
        return xml_root(content)
    except XmlRefused as refusal:
        raise TableRefused(str(refusal)) from refusal


def _line(one: Element, position: int) -> TheirLine:
    paper = one.getparent()
    number = paper.get("НомДок", "") if paper is not None and paper.tag == "ДокСв" else ""
    return TheirLine(
        position=position,
        day=_day(one.get("ДатаОпер", "")),
        title=" ".join(one.get("НаимОпер", "").split())[:300] or f"Строка {position}",
        number=number[:50],
        debit=_money(one, "СумДебет"),
        credit=_money(one, "СумКредит"),
    )


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text, "%d.%m.%Y").date()  # noqa: DTZ007 - a date without a clock
    except ValueError:
        return None


def _money(one: Element, name: str) -> Decimal:
    text = one.get(name, "")
    if not text:
        return _ZERO
    try:
        amount = Decimal(text)
    except InvalidOperation as error:
        raise TableRefused(f"В акте не читается сумма {name}: «{text[:40]}»") from error
    if not amount.is_finite() or abs(amount) >= Decimal(10) ** 15:
        raise TableRefused(f"В акте не читается сумма {name}: «{text[:40]}»")
    return q2(amount)
