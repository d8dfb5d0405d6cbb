"""Find goods by what a buyer typed."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np
import numpy.typing as npt
from pyroaring import BitMap

from catalog.search.letters import MOST_LETTERS, clean
from catalog.search.lexicon import Lexicon
from catalog.search.parts import NOTHING, parts_of
from catalog.search.planning import Plan, Planner
from catalog.search.postings import Postings
from catalog.search.quantities import Asked, quantity_begun, split_quantity
from catalog.search.scoring import Found as Ordinals
from catalog.search.scoring import Scores, score
from catalog.search.synonyms import Synonyms
from catalog.search.tokens import spell
from catalog.search.turning import turn
from catalog.search.units import plain_number


@dataclass(frozen=True)
class Found:
    """`goods` that answer; `scores` their ordinals ascending (int32) and text relevance with rank (float32)
    beside them.

    `correction` is the query as it was understood, None when as typed; `dropped` are words that no good had
    with the rest.
    """

    goods: BitMap
    scores: tuple[Ordinals, Scores]
    correction: str | None = None
    quantity: Decimal | None = None
    unit: str = ""
    dropped: tuple[str, ...] = ()


def find(
    text: str,
    *,
    postings: Postings,
    lexicon: Lexicon,
    synonyms: Synonyms,
    among: BitMap,
    rank: npt.NDArray[np.float32],
    literally: bool = False,
) -> Found:
    """Find goods among those given; `literally` is "as typed": no layout, no correction."""
    typed = " ".join(text[: MOST_LETTERS * 2].split())[:MOST_LETTERS]
    turned = typed if literally else turn(typed, lexicon)
    asked = split_quantity(clean(turned)[:MOST_LETTERS])
    planner = Planner(postings, lexicon, synonyms, among)
    boosts = _boosts(asked)
    plan = planner.plan(spell(asked.text), literally=literally, also=boosts)
    if asked.measure:
        plan, asked = _measured(planner, plan, asked, lexicon, synonyms)
    if asked.quantity is None and (plan.dropped or not plan.goods):
        plan, asked = _begun(planner, plan, asked, literally=literally)
    if not plan.parts:
        return Found(NOTHING, (np.zeros(0, np.int32), np.zeros(0, np.float32)), dropped=plan.dropped)
    scores = score(plan.goods, plan.parts, planner.known, rank, boosts if asked.quantity else ())
    is_changed = plan.is_guessed or turned != typed
    correction = " ".join(part.text for part in plan.parts) if is_changed else None
    return Found(plan.goods, scores, correction, asked.quantity, asked.unit, plan.dropped)


def _boosts(asked: Asked) -> tuple[str, ...]:
    """Terms of goods packed or sold just so."""
    if asked.quantity is None:
        return ()
    terms = (f"n:{plain_number(f'{asked.quantity:f}')}", f"y:{asked.unit}")
    return (*terms, f"u:{asked.measure}") if asked.measure else terms


def _begun(planner: Planner, plan: Plan, asked: Asked, *, literally: bool) -> tuple[Plan, Asked]:
    """ "200 ш" sent off too early: a quantity, where nothing has it in its name and the rest finds all."""
    begun = quantity_begun(asked.text)
    if begun is None:
        return plan, asked
    rest = planner.plan(spell(begun.text), literally=literally)
    return (rest, begun) if rest.goods and not rest.dropped else (plan, asked)


def _measured(
    planner: Planner, plan: Plan, asked: Asked, lexicon: Lexicon, synonyms: Synonyms
) -> tuple[Plan, Asked]:
    """Whether "25 кг" is how much is wanted or what the good is: a size, if goods are named so and not sold
    by it.
    """
    known = planner.known
    sold = known.get(f"y:{asked.unit}", NOTHING)
    is_size = bool((plan.goods & known.get(f"u:{asked.measure}", NOTHING)) - sold)
    if not is_size and plan.goods & sold:
        return plan, asked
    number = spell(f"{asked.quantity:f}{asked.unit}")
    parts = parts_of(number, lexicon, synonyms)
    planner.ask(term for part in parts for term in part.terms())
    goods = planner.together(parts, plan.goods)
    if goods:
        return Plan((*plan.parts, *parts), goods, plan.dropped, plan.is_guessed), Asked(asked.text)
    return planner.plan(spell(f"{asked.text} {number}")), Asked(asked.text)
