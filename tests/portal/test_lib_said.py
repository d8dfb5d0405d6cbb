"""A text in two languages, and that ours are written in both."""

import ast
import re
from collections.abc import Iterator
from enum import Enum
from pathlib import Path
from typing import Any

import pytest

from documents.english import DOCUMENT_KINDS, EDO_STATUSES, RECEIVED_KINDS
from documents.states import DocumentKind, EdoStatus, ReceivedKind
from finance.english import CREDIT_STATUSES, LEDGER_KINDS
from finance.states import CreditStatus, LedgerKind
from orders.claim_states import ClaimKind, ClaimState
from orders.english import CLAIM_KINDS, CLAIM_STATES, LIST_NEWS, ORDER_STATES
from orders.models import ListWatchKind
from orders.states import OrderState
from portal.lib.said import Said, as_it_is, english_of, joined, said

PROJECT = Path(__file__).resolve().parents[2]
APPS = ("accounts", "counterparties", "documents", "finance", "integrations", "orders")


def test_said_fills_both_with_facts_in_their_own_language() -> None:
    text = said("Заказ {number}: {state}", "Order {number}: {state}", number=7, state=Said("ждет", "waits"))

    assert (text.russian, text.english, str(text)) == ("Заказ 7: ждет", "Order 7: waits", "Заказ 7: ждет")


def test_braces_in_a_fact_are_left_alone() -> None:
    assert said("{name}", "{name}", name="{x} {0}") == as_it_is("{x} {0}")


def test_joined_leaves_out_what_is_empty() -> None:
    assert joined([Said("раз", "one"), "", "7"], ", ") == Said("раз, 7", "one, 7")


@pytest.mark.parametrize(("text", "english"), [(Said("да", "yes"), "yes"), ("ООО", "ООО"), (7, "7")])
def test_english_of_words_of_people_is_as_they_are(text: object, english: str) -> None:
    assert english_of(text) == english


@pytest.mark.parametrize(
    ("states", "words"),
    [
        (OrderState, ORDER_STATES),
        (ClaimKind, CLAIM_KINDS),
        (ClaimState, CLAIM_STATES),
        (ListWatchKind, LIST_NEWS),
        (LedgerKind, LEDGER_KINDS),
        (CreditStatus, CREDIT_STATUSES),
        (DocumentKind, DOCUMENT_KINDS),
        (ReceivedKind, RECEIVED_KINDS),
        (EdoStatus, EDO_STATUSES),
    ],
)
def test_every_state_has_its_english_words(states: type[Enum], words: dict[Any, str]) -> None:
    assert set(words) == set(states)
    assert [word for word in words.values() if not word.strip() or not word.isascii()] == []


def texts_said() -> Iterator[tuple[str, str, str]]:
    """Where, Russian and English of each text that the code says in both."""
    for app in APPS:
        for path in sorted((PROJECT / app).rglob("*.py")):
            for node in ast.walk(ast.parse(path.read_text())):
                if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "said":
                    texts = [text for argument in node.args for text in ast.walk(argument)]
                    told = [text.value for text in texts if isinstance(text, ast.Constant)]
                    if len(told) == 2:
                        yield f"{path.name}:{node.lineno}", *told


def test_english_texts_are_english_and_tell_no_fact_that_the_russian_ones_do_not() -> None:
    texts = list(texts_said())

    wrong = [
        where
        for where, russian, english in texts
        if re.search("[А-Яа-яЁё]", english)
        or not set(re.findall(r"{\w+}", english)) <= set(re.findall(r"{\w+}", russian))
    ]
    assert len(texts) > 40
    assert wrong == []
