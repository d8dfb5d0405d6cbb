"""What decides prices and seldom changes, kept with the catalogue index until it does: terms, discounts.

Prices themselves are read for each page. What is kept belongs to one contract in one city on one day.
Terms and discounts are read anew after PRICE_TERMS_KEPT_SECONDS: an indexer that stands still must not keep
old ones alive.
"""

from datetime import date
from time import monotonic

from django.conf import settings

from catalog.index.kinds import TERMS, TREE
from catalog.index.reading import Index
from catalog.models import City, Section
from counterparties.models import Contract, LegalEntity
from pricing.discounts import Discount
from pricing.selectors import terms_for
from pricing.selectors.facts import Conditions, discount_of, ranked, rules_for
from pricing.terms import PriceTerms


def _age() -> int:
    return int(monotonic() // settings.PRICE_TERMS_KEPT_SECONDS)


def terms_kept(
    index: Index, *, contract: Contract | None, city: City | None, on: date, legal_entity: LegalEntity | None
) -> PriceTerms:
    """What `terms_for` tells; a contract comes with its legal entity, whose holding is loaded."""
    asked = (
        contract.pk if contract else None,
        contract.legal_entity_id if contract else None,
        (legal_entity.pk, legal_entity.holding_id, legal_entity.holding.group_id) if legal_entity else None,
        city.pk if city else None,
        on,
    )
    return index.derived(
        ("terms", asked, _age()),
        lambda: terms_for(contract=contract, city=city, on=on, legal_entity=legal_entity),
        depends_on=(TERMS,),
    )


def conditions_kept(index: Index, terms: PriceTerms) -> Conditions:
    """Discounts that the client meets, whatever the goods and the quantity."""
    discounts: tuple[Discount, ...] = index.derived(
        ("discounts", terms, _age()),
        lambda: ranked(discount_of(rule) for rule in rules_for(terms)) if terms.has_prices else (),
        depends_on=(TERMS,),
    )
    parents: dict[int, int | None] = index.derived(
        "section_parents", lambda: dict(Section.objects.values_list("pk", "parent_id")), depends_on=(TREE,)
    )
    return Conditions(discounts=discounts, parents=parents)
