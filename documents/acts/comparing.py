"""Any file of the client against our lines: read, turned to our words, matched, with causes."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from documents.acts.causes import Found, with_causes
from documents.acts.matching import Operation, Pair, matched
from documents.acts.theirs import TheirAct, table_act
from documents.acts.theirs_xml import xml_act
from documents.states import Verdict
from finance.workdays import WorkDays
from portal.files.papers import XML, paper_mime
from portal.lib.tables import TableRefused, table_read
from portal.lib.tables.contract import MOST_BYTES


@dataclass(frozen=True, slots=True)
class Sides:
    """Who the two firms are, by what files call them."""

    our_name: str
    our_inn: str
    their_name: str


@dataclass(frozen=True, slots=True)
class Comparison:
    """The client's act in our words, and all lines of both."""

    act: TheirAct
    found: tuple[Found, ...]


def client_act_read(content: bytes, *, sides: Sides) -> TheirAct:
    """Read XLSX, XLS, ODS, CSV or XML by what the bytes are. Raises TableRefused."""
    if len(content) > MOST_BYTES:
        raise TableRefused("Файл больше 10 МБ: разделите период")
    if paper_mime(content) == XML:
        return xml_act(content, our_inn=sides.our_inn)
    return table_act(table_read(content), ours=sides.our_name, theirs=sides.their_name)


def compared(act: TheirAct, ours: Sequence[Operation], *, period_to: date, days: WorkDays) -> Comparison:
    """Match the client's act with our lines; where it is not said whose books they are, what fits better."""
    told, pairs = _fitting(act, ours)
    return Comparison(act=told, found=tuple(with_causes(pairs, period_to=period_to, days=days)))


def _fitting(act: TheirAct, ours: Sequence[Operation]) -> tuple[TheirAct, list[Pair]]:
    ways = (True, False) if act.is_mirrored is None else (act.is_mirrored,)
    tried = []
    for is_mirrored in ways:
        told = act.in_our_words(is_mirrored=is_mirrored)
        pairs = matched(ours, operations(told))
        tried.append((sum(pair.verdict == Verdict.MATCHED for pair in pairs), told, pairs))
    _count, told, pairs = max(tried, key=lambda one: one[0])  # the first of equal ones: mirrored
    return told, pairs


def operations(act: TheirAct) -> list[Operation]:
    """The client's lines as matching takes them."""
    return [
        Operation(
            position=line.position,
            day=line.day,
            number=line.number,
            value=line.debit - line.credit,
            title=line.title,
        )
        for line in act.lines
    ]
