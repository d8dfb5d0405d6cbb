"""Reads of the search's dictionary; one query each."""

from collections.abc import Container

from django.urls import reverse

from catalog.models import (
    SearchPin,
    SearchRedirect,
    SearchStopWord,
    SearchSynonym,
    SearchWeights,
    SuggestedPhrase,
)


def synonyms_listed() -> list[tuple[str, str, bool]]:
    """All synonyms as they were typed: phrase, meaning, whether it holds the other way round."""
    rows = SearchSynonym.objects.order_by("normal_phrase", "normal_meaning")
    return list(rows.values_list("phrase", "meaning", "is_mutual"))


def stop_words() -> frozenset[str]:
    """Words to leave out, in their normal spelling (see `catalog.phrases`)."""
    return frozenset(SearchStopWord.objects.values_list("normal_word", flat=True))


def pins_listed() -> dict[str, tuple[int, ...]]:
    """Products that come first, in their order, by query in its normal spelling."""
    found: dict[str, tuple[int, ...]] = {}
    rows = SearchPin.objects.order_by("normal_query", "place", "pk")
    for query, product_id in rows.values_list("normal_query", "product_id"):
        found[query] = (*found.get(query, ()), product_id)
    return found


def phrases_listed() -> list[tuple[str, int, bool]]:
    """Suggestions kept by hand, as they were typed: text, priority (-100 to 100), whether never suggested."""
    rows = SuggestedPhrase.objects.order_by("normal_text")
    return list(rows.values_list("text", "priority", "is_hidden"))


def redirects_listed(shown: Container[int]) -> dict[str, str]:
    """Pages of ours that queries lead to, by query in its normal spelling; of sections only those shown."""
    rows = SearchRedirect.objects.values_list("normal_query", "section_id", "path")
    return {
        query: reverse("catalog:section", args=[section_id]) if section_id else path
        for query, section_id, path in rows
        if section_id is None or section_id in shown
    }


def search_weights() -> SearchWeights:
    """The weights that hold now: the row, or the defaults."""
    return SearchWeights.objects.first() or SearchWeights()
