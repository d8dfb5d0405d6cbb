"""Formulas that administrators write: a small language of numbers, words and conditions of its own.

Nothing of it is ever run as a program of the portal's language: a text becomes tokens, tokens become a tree
of the nodes in `tree`, and `evaluation` walks that tree within fixed bounds.
"""

from catalog.formulas.evaluation import Scope, evaluate
from catalog.formulas.faults import FormulaFault
from catalog.formulas.numbers import LARGEST, plain_number
from catalog.formulas.parser import parse
from catalog.formulas.tables import LookupWay, Table, table_read
from catalog.formulas.tree import Node, Value, names_in, tables_in

__all__ = [
    "LARGEST",
    "FormulaFault",
    "LookupWay",
    "Node",
    "Scope",
    "Table",
    "Value",
    "evaluate",
    "names_in",
    "parse",
    "plain_number",
    "table_read",
    "tables_in",
]
