"""Words as pieces of three letters, by which an index finds them in the middle of numbers and names."""

from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.db.models import Func, TextField, Value

SHORTEST = 3
"""A shorter word has no piece."""


class Pieces(Func):
    """All pieces of some columns in capitals, as `text[]`: the function that the database keeps."""

    function = "orders_pieces"

    def __init__(self, *columns: Any) -> None:
        super().__init__(*columns, output_field=ArrayField(TextField()))


def pieces_of(word: str) -> Pieces:
    """Pieces of a word: whatever holds the word has them all, but not only that."""
    return Pieces(Value(word))
