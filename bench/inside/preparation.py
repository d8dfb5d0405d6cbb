"""People who sign in, then the index: the end of filling a large catalogue."""

import time
from datetime import datetime

from allauth.account.models import EmailAddress
from django.db.models import Sum
from django.db.models.functions import Length

from accounts.models import User
from accounts.permissions import Stage
from bench.harness import Results
from bench.large.clients import BUYERS, PASSWORD, email_of
from catalog.index.indexing import index_rebuild, index_tidy
from catalog.models import IndexBlock
from counterparties.models import Membership
from counterparties.permissions import ReadyRole
from counterparties.services.roles import ready_role
from counterparties.services.stages import stage_give
from portal.lib.dates import MOSCOW


def measure(results: Results) -> None:
    for client in range(1, BUYERS + 1):
        if not User.objects.filter(email=email_of(client)).exists():
            _buyer(client)
    started = time.perf_counter()
    index_rebuild()
    results.add("index built from tables", time.perf_counter() - started, "s")
    index_tidy()
    stored = IndexBlock.objects.filter(generation__is_live=True).aggregate(size=Sum(Length("payload")))
    results.add("blocks as stored", stored["size"] / 1e6, "MB")


def _buyer(client: int) -> None:
    user = User.objects.create_user(email_of(client), PASSWORD, full_name=f"Закупщик {client}")
    EmailAddress.objects.create(user=user, email=user.email, primary=True, verified=True)
    membership = Membership.objects.create(
        user=user, holding_id=client, role=ready_role(ReadyRole.BUYER), is_whole_holding=True
    )
    stage_give(
        membership=membership,
        stage=Stage.DOCUMENTS,
        legal_entity_ids=None,
        valid_until=None,
        decided_by_id=None,
        at=datetime(2026, 11, 23, 10, 41, tzinfo=MOSCOW),
    )
