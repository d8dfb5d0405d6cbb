"""Words that people type, as they are compared: one spelling for all that mean the same to a reader."""

import re
import unicodedata

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060\ufeff\ud800-\udfff]+")


def phrase_normal(text: str) -> str:
    """The phrase in small letters, with е for ё and single spaces; empty when there is nothing to read.

    Idempotent.
    """
    plain = unicodedata.normalize("NFKC", _CONTROL.sub(" ", text)).lower()
    return " ".join(unicodedata.normalize("NFKC", plain).replace("ё", "е").split())
