"""What is offered while a query is typed, as the person may see it: words, goods at his prices, papers."""

from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

import numpy as np
from django.utils import timezone
from pyroaring import BitMap

from catalog.index.reading import Index
from catalog.models import AbsentPolicy, City
from catalog.search.phrases import BRAND, PHRASE, SECTION
from catalog.search.suggesting import Suggestions
from catalog.search.turning import turn
from catalog.selectors import GoodsRow, goods_shown
from catalog.selectors.article_search import articles_found
from catalog.selectors.articles import ArticleRow
from catalog.selectors.search import lexicon_of, suggestions_for
from catalog.web.amounts import Amount, amount_of, amount_read
from catalog.web.listing import rows_of
from catalog.web.numbered import Numbered, numbered
from catalog.web.offers import Offer, terms_listed
from catalog.web.phrase_links import PhraseLink, phrase_links, search_address
from counterparties.actor import Actor
from counterparties.selectors import Workplace
from pricing.kept import conditions_kept
from pricing.selectors import facts_for, ladders_of

MOST_ARTICLES = 3


@dataclass(frozen=True, slots=True)
class SuggestedGoods:
    """A good with the person's offer; `quantity` in base units stands in its field.

    `order_days` is the term of «под заказ» for what has run out.
    """

    goods: GoodsRow
    offer: Offer
    quantity: Decimal
    order_days: int | None


@dataclass(frozen=True, slots=True)
class Suggested:
    """`corrected` is the query as it was understood, empty when as typed."""

    typed: str
    corrected: str
    queries: list[PhraseLink]
    sections: list[PhraseLink]
    brands: list[PhraseLink]
    goods: list[SuggestedGoods]
    articles: list[ArticleRow]
    numbered: Numbered

    @property
    def all_address(self) -> str:
        return search_address(self.typed)

    @property
    def literal_address(self) -> str:
        """The search of what was typed, nothing mended."""
        return search_address(self.typed, is_literal=True)

    @property
    def is_empty(self) -> bool:
        return not (self.queries or self.goods or self.has_others)

    @property
    def has_others(self) -> bool:
        """Whether there is anything but queries and goods."""
        return any((self.sections, self.brands, self.articles, self.numbered))


def suggested(index: Index, text: str, *, actor: Actor, workplace: Workplace, at: datetime) -> Suggested:
    """All that is offered; eight queries at most beside those of the search for words that it has not met."""
    city = workplace.city
    among = goods_shown(index, city)
    turned = turn(text, lexicon_of(index), is_open=True)
    told, amount = _told(index, turned, among, city)
    links = phrase_links(index, told.suggestions, city=city, ending=amount.ending)
    return Suggested(
        typed=text,
        corrected=_corrected(text, turned, amount, told),
        queries=[link for link in links if link.kind == PHRASE],
        sections=[link for link in links if link.kind == SECTION],
        brands=[link for link in links if link.kind == BRAND],
        goods=_goods(index, told, amount, workplace=workplace),
        articles=articles_found(index, told.text or amount.text, at=at, most=MOST_ARTICLES),
        numbered=numbered(text, actor=actor),
    )


def _told(index: Index, text: str, among: BitMap, city: City | None) -> tuple[Suggestions, Amount]:
    """Suggestions and how much was asked for; «5 кг» is a size where goods are named so, else how much."""
    amount = amount_read(text)
    if amount.is_doubtful:
        told = suggestions_for(index, text, among=among, city=city)
        if told.goods:
            return told, replace(amount, text=text)
        amount = replace(amount, is_doubtful=False)
    return suggestions_for(index, amount.text, among=among, city=city), amount


def _corrected(text: str, turned: str, amount: Amount, told: Suggestions) -> str:
    """How the query was understood where it was mended: its beginning, or all of it with how much."""
    if told.text is None and turned == text:
        return ""
    return f"{told.text or amount.text}{amount.ending or '…'}"


def _goods(index: Index, told: Suggestions, amount: Amount, *, workplace: Workplace) -> list[SuggestedGoods]:
    """Goods as lists show them; prices and stock of this moment. Four queries when there are any."""
    sku_ids = index.sku_ids(np.array(told.goods, np.int64))
    if not sku_ids:
        return []
    terms = terms_listed(index, workplace, on=timezone.localdate())
    facts = facts_for(set(sku_ids), terms, conditions_kept(index, terms)) if terms else None
    rows = rows_of(sku_ids, city=workplace.city, ladders=ladders_of(facts, sku_ids) if facts else {})
    is_hidden = workplace.city is None or workplace.city.absent_policy == AbsentPolicy.HIDE
    return [
        SuggestedGoods(goods, offer, amount_of(goods, amount), _order_days(workplace.city, offer))
        for goods, offer in rows
        if offer.available or not is_hidden
    ]


def _order_days(city: City | None, offer: Offer) -> int | None:
    """The term of «под заказ» for what has run out."""
    if city is None or offer.available or city.absent_policy != AbsentPolicy.TO_ORDER:
        return None
    return city.order_days
