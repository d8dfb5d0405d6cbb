"""Talks follow their legal entity when it is merged or changes hands."""

from collections.abc import Collection

from django.utils.translation import gettext as _

from counterparties.merging import Absorption, Held, Relocation, follow
from counterparties.models import Thread


class TalkRows:
    """Talks about things go with the things; personal ones stay with the person's holding."""

    def held(self, entity_ids: Collection[int]) -> list[Held]:
        threads = Thread.objects.filter(legal_entity__in=entity_ids).order_by("pk")
        return [Held(_("Переписка"), tuple(threads.values_list("pk", flat=True)))]

    def absorb(self, absorption: Absorption) -> None:
        Thread.objects.filter(legal_entity_id=absorption.source_id).update(
            legal_entity_id=absorption.target_id
        )

    def relocate(self, relocation: Relocation) -> None:
        threads = Thread.objects.filter(legal_entity__in=relocation.entity_ids)
        list(threads.select_for_update(of=("self",), no_key=True).order_by("pk").values_list("pk"))
        threads.update(holding_id=relocation.holding_id)


follow(TalkRows())
