"""Writes of the search's dictionary that do not come from its own forms."""

from django.db import transaction
from django.utils.translation import gettext as _

from catalog.models import SearchSynonym
from catalog.models.dictionary import PHRASE_LENGTH
from catalog.phrases import phrase_normal


class SynonymRefused(Exception):
    """The words cannot be synonyms; `str()` is a text for the person."""


@transaction.atomic
def synonym_add(*, phrase: str, meaning: str, is_mutual: bool = True) -> SearchSynonym:
    """Teach the search that the phrase means this. Idempotent: a synonym that is there is given back.

    Raises SynonymRefused for an empty or too long word and for one that means itself.
    """
    words = [" ".join(word.replace("\x00", " ").split()) for word in (phrase, meaning)]
    normal_phrase, normal_meaning = (phrase_normal(word) for word in words)
    if not normal_phrase or not normal_meaning:
        raise SynonymRefused(_("Укажите, что это значит."))
    if any(len(word) > PHRASE_LENGTH for word in words):
        raise SynonymRefused(_("Не больше {most} знаков.").format(most=PHRASE_LENGTH))
    if normal_phrase == normal_meaning:
        raise SynonymRefused(_("Значение совпадает с самой фразой."))
    synonym, _made = SearchSynonym.objects.get_or_create(
        normal_phrase=normal_phrase,
        normal_meaning=normal_meaning,
        defaults={"phrase": words[0], "meaning": words[1], "is_mutual": is_mutual},
    )
    return synonym
