"""python -m bench.large.people: people who sign in, then the index; runs in the new database's own process."""

import json
import sys
import time
from datetime import datetime

import django

PASSWORD = "bench-portal-2026"


def email_of(client: int) -> str:
    return f"buyer{client}@bench.example"


def main() -> None:
    django.setup()
    from allauth.account.models import EmailAddress  # noqa: PLC0415 - models come after the set-up

    from accounts.models import User  # noqa: PLC0415
    from accounts.permissions import Stage  # noqa: PLC0415
    from bench.large.clients import BUYERS  # noqa: PLC0415
    from counterparties.models import Membership  # noqa: PLC0415
    from counterparties.permissions import ReadyRole  # noqa: PLC0415
    from counterparties.services.roles import ready_role  # noqa: PLC0415
    from counterparties.services.stages import stage_give  # noqa: PLC0415
    from portal.lib.dates import MOSCOW  # noqa: PLC0415

    for client in range(1, BUYERS + 1):
        email = email_of(client)
        user = User.objects.create_user(email, PASSWORD, full_name=f"Закупщик {client}")
        EmailAddress.objects.create(user=user, email=email, primary=True, verified=True)
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
    started = time.perf_counter()
    _index_rebuild()
    json.dump({"index_seconds": time.perf_counter() - started}, sys.stdout)


def _index_rebuild() -> None:
    from catalog.services.index import index_rebuild  # noqa: PLC0415

    index_rebuild()


if __name__ == "__main__":
    main()
