"""Gather what a УКД says: a shipment's paper before, and the shipment after the agreed change."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from documents.payloads.correction import (
    Corrected,
    CorrectedLine,
    CorrectionPayload,
    correction_totals,
)
from documents.payloads.parts import PaperRef, rate_totals, total_of
from documents.payloads.transfer import TransferLine, TransferPayload
from documents.refusals import PaperNotPossible
from portal.lib.money import Amount


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionFacts:
    """What was agreed and by what: `grounds` are papers of the agreement or the return."""

    reason: str
    grounds: tuple[PaperRef, ...] = ()


def correction_payload(
    *,
    original: TransferPayload,
    named: PaperRef,
    after: Sequence[TransferLine],
    facts: CorrectionFacts,
    number: str,
    day: date,
    form: str,
) -> CorrectionPayload:
    """Freeze a correction of one paper; only lines that differ are in it, at the rates of the original.

    Raises PaperNotPossible (nothing differs, a rate does).
    """
    lines = tuple(_differing(original.lines, after))
    if not lines:
        raise PaperNotPossible("Количество и суммы не изменились: корректировать нечего.")
    increase, decrease = correction_totals(lines)
    return CorrectionPayload(
        number=number,
        day=day,
        form=form,
        status=original.status or 1,
        originals=(named,),
        seller=original.seller,
        buyer=original.buyer,
        lines=lines,
        increase=increase,
        decrease=decrease,
        grounds=facts.grounds,
        reason=facts.reason,
        head=original.head,
        accountant=original.accountant,
        responsible=original.responsible,
    )


def is_changed(before: Sequence[TransferLine], after: Sequence[TransferLine]) -> bool:
    """Whether a correction would say anything. Raises PaperNotPossible (a rate differs)."""
    return bool(_differing(before, after))


def corrected(original: TransferPayload, corrections: Sequence[CorrectionPayload]) -> TransferPayload:
    """The paper as earlier corrections have left it: the next one begins where the last one ends."""
    lines = list(original.lines)
    for line in (line for payload in corrections for line in payload.lines):
        after = line.after
        if line.position <= len(lines):
            lines[line.position - 1] = replace(
                lines[line.position - 1],
                quantity=after.quantity,
                price=after.price,
                amount=after.amount,
            )
        else:
            lines.append(_appeared(line))
    kept = tuple(lines)
    return replace(original, lines=kept, total=total_of(kept), rates=rate_totals(kept))


def _appeared(line: CorrectedLine) -> TransferLine:
    return TransferLine(
        name=line.name,
        quantity=line.after.quantity,
        unit=line.unit,
        price=line.after.price,
        rate=line.after.rate,
        amount=line.after.amount,
        unit_code=line.unit_code,
        article=line.article,
        code=line.code,
    )


def less_returned(
    original: Sequence[TransferLine], returned: Sequence[TransferLine]
) -> tuple[TransferLine, ...]:
    """What is left of the lines after a return.

    Raises PaperNotPossible: more came back than had left, or for more than the goods were sold for.
    """
    left = list(original)
    for back in returned:
        rest = back
        for place, line in enumerate(left):
            if _key(line) == _key(back) and rest.quantity and line.quantity:
                taken = min(line.quantity, rest.quantity)
                left[place], rest = _less(line, rest, taken)
        if rest.quantity:
            raise PaperNotPossible(f"Возвращено больше, чем отгружено: {back.name}.")
    return tuple(left)


def _less(line: TransferLine, back: TransferLine, taken: Decimal) -> tuple[TransferLine, TransferLine]:
    """A line without what came back of it, and what is still to be taken from others."""
    if taken == back.quantity:
        amount, rest = back.amount, Amount.zero()
    else:
        amount = line.amount  # the line came back wholly
        rest = _minus(back.amount, amount)
    kept = Amount.zero() if taken == line.quantity else _minus(line.amount, amount)
    if min(kept.net, kept.vat) < 0:
        raise PaperNotPossible(f"Сумма возврата больше суммы отгрузки: {back.name}.")
    return (
        replace(line, quantity=line.quantity - taken, amount=kept),
        replace(back, quantity=back.quantity - taken, amount=rest),
    )


def _differing(before: Sequence[TransferLine], after: Sequence[TransferLine]) -> list[CorrectedLine]:
    """Lines paired by good in their order; one without a pair appeared or went away."""
    spare: dict[tuple[str, ...], list[TransferLine]] = {}
    for line in after:
        spare.setdefault(_key(line), []).append(line)
    pairs: list[tuple[TransferLine, TransferLine]] = []
    for line in before:
        same = spare.get(_key(line))
        pairs.append((line, same.pop(0) if same else _nothing_of(line)))
    pairs += [(_nothing_of(line), line) for lines in spare.values() for line in lines]
    return [
        _pair(one, other, place)
        for place, (one, other) in enumerate(pairs, start=1)
        if _is_change(one, other)
    ]


def _is_change(one: TransferLine, other: TransferLine) -> bool:
    return (one.quantity, one.amount) != (other.quantity, other.amount)


def _pair(before: TransferLine, after: TransferLine, place: int) -> CorrectedLine:
    if before.rate != after.rate:
        raise PaperNotPossible(f"У товара «{before.name}» другая ставка НДС: это исправление, а не УКД.")
    return CorrectedLine(
        name=before.name,
        unit=before.unit,
        unit_code=before.unit_code,
        article=before.article,
        code=before.code,
        position=place,
        before=_side(before),
        after=_side(after),
    )


def _side(line: TransferLine) -> Corrected:
    return Corrected(quantity=line.quantity, price=line.price, rate=line.rate, amount=line.amount)


def _nothing_of(line: TransferLine) -> TransferLine:
    return replace(line, quantity=Decimal(0), amount=Amount.zero())


def _minus(one: Amount, other: Amount) -> Amount:
    return Amount(one.net - other.net, one.vat - other.vat, one.gross - other.gross)


def _key(line: TransferLine) -> tuple[str, ...]:
    return (line.code, line.article, line.name, line.unit)
