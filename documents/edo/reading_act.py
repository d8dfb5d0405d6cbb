"""Акт сверки of 5.01 by its sender's books."""

from decimal import Decimal

from documents.edo.parsing import Element
from documents.edo.reading_sides import side_seen, signer_seen
from documents.edo.seen import SeenBalance, SeenFact, SeenOperation, SeenPaper, SeenParty
from documents.edo.values import attribute, child, day, joined, number

_Pair = tuple[Decimal | None, Decimal | None]


def act_seen(root: Element, document: Element) -> SeenPaper:
    sides = child(document, "СвДокКрАкт")
    table = child(document, "ТаблАкт")
    contracts = list(table.iterfind("ДогСв")) if table is not None else []
    balances = [_balance(told) for told in contracts]
    if table is not None and len(contracts) > 1:
        balances.append(_balance(table, "Итого"))
    begin, end = attribute(document, "ДатаНачПер"), attribute(document, "ДатаОкПер")
    return SeenPaper(
        title="Акт сверки взаимных расчетов",
        root=str(root.tag),
        version=attribute(root, "ВерсФорм"),
        number=attribute(document, "НомерАкт"),
        day=day(attribute(document, "ДатаИнфОтпр")),
        currency=attribute(sides, "КодОКВ"),
        parties=tuple(_parties(sides)),
        facts=(SeenFact(title="Период", text=f"{begin} – {end}"),),
        balances=tuple(balances),
        signers=tuple(map(signer_seen, document.iterfind("Подписант"))),
    )


def _parties(sides: Element | None) -> list[SeenParty]:
    found = [(child(sides, "СвОтпр"), "Отправитель"), (child(sides, "СвПол"), "Получатель")]
    return [side_seen(told, role) for told, role in found if told is not None]


def _balance(told: Element, title: str = "") -> SeenBalance:
    contract = attribute(told, "НомДог")
    made = attribute(told, "ДатаДог")
    named = joined(
        attribute(told, "ОписТипДог"), f"№ {contract}" if contract else "", f"от {made}" if made else ""
    )
    return SeenBalance(
        contract=title or named,
        opening=_pair(told, "СальдоНачДеб", "СальдоНачКр"),
        turnover=_pair(told, "ОборотДеб", "ОборотКр"),
        closing=_pair(told, "СальдоКонДеб", "СальдоКонКр"),
        operations=tuple(
            _operation(paper, one) for paper in told.iterfind("ДокСв") for one in paper.iterfind("СвОпер")
        ),
    )


def _operation(paper: Element, told: Element) -> SeenOperation:
    return SeenOperation(
        day=attribute(told, "ДатаОпер"),
        title=attribute(told, "НаимОпер") or attribute(paper, "НаимДок"),
        number=attribute(paper, "НомДок"),
        debit=number(attribute(told, "СумДебет")),
        credit=number(attribute(told, "СумКредит")),
    )


def _pair(told: Element, debit: str, credit: str) -> _Pair:
    return number(attribute(told, debit)), number(attribute(told, credit))
