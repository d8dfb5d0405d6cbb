"""One look at all that people wait for."""

from datetime import datetime

from django.db import transaction

from accounts.services.notices import notices_send
from orders.services.arrivals import arrivals_met
from orders.services.list_watches import lists_met
from orders.services.price_watches import prices_met
from portal.lib.dates import moscow_date


@transaction.atomic
def watches_tell(*, at: datetime) -> int:
    """Tell people what has come: goods, prices, new rows of lists, one letter each; return how many lines.

    What is told and what is forgotten go together. Two runs at once share the work.
    """
    facts = [*arrivals_met(), *prices_met(at=at), *lists_met(at=at)]
    return notices_send(notices=facts, day=moscow_date(at), at=at)
