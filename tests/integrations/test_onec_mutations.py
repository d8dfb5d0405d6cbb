"""Spoiled files of 1C: whatever comes, the load takes it or refuses it with a reason, and half of none."""

import pytest
from django.db import transaction
from django.utils import timezone

from integrations.models import ExchangeNode
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.file import load_file
from integrations.onec.loading.ids import ExternalIds
from integrations.onec.refusal import ExchangeRefusal
from tests.integrations.mutants import mutants
from tests.integrations.onec_talk import GOOD, OTHER, RED, Talk, catalog, changes, good, offer, package
from tests.integrations.test_onec_bad_input import everything

SEED = 2026
BASES = [
    catalog(good(), good(OTHER, "Гайка М8", article="N-8")),
    catalog(good(status="Удален"), groups="", properties=""),
    package(
        offer(), offer(f"{GOOD}#{RED}", name="Болт М8х40 (красный)"), offer(OTHER, quantity="-", rests="")
    ),
    changes(offer(quantity="0", rests="", name="")),
]


class NoUploads:
    def find(self, names: object) -> dict[str, object]:
        return {}


def loaded(node: ExchangeNode, path, body: bytes) -> str:  # type: ignore[no-untyped-def]
    """Load the file and take it back; returns the reason of a refusal, empty when it was taken."""
    path.write_bytes(body)
    try:
        with transaction.atomic():
            context = LoadContext(
                node_id=node.pk,
                file_name="mutant.xml",
                at=timezone.now(),
                tell=lambda text: None,
                uploads=NoUploads(),  # type: ignore[arg-type]
                ids=ExternalIds(node.pk),
            )
            load_file(context, path)
            transaction.set_rollback(True)
    except ExchangeRefusal as refusal:
        return str(refusal)
    return ""


@pytest.mark.parametrize("count", [300, pytest.param(10_000, marks=pytest.mark.sweep)])
def test_spoiled_files_are_taken_or_refused_with_a_reason(  # type: ignore[no-untyped-def]
    talk: Talk, tmp_path, count: int
) -> None:
    assert talk.load("import0_1.xml", BASES[0]).startswith("success")
    assert talk.load("offers0_1.xml", BASES[2]).startswith("success")
    taken = 0
    for number, body in mutants(BASES, count, SEED):
        try:
            reason = loaded(talk.node, tmp_path / "mutant.xml", body)
        except Exception as error:
            raise AssertionError(f"mutant {number} of seed {SEED}: {error!r}\n{body[:3000]!r}") from error
        assert not reason or reason.startswith("mutant.xml: ")
        taken += not reason
    assert 0.2 * count < taken < 0.9 * count


def test_spoiled_files_change_nothing_when_refused(talk: Talk) -> None:
    assert talk.load("import0_1.xml", BASES[0]).startswith("success")
    assert talk.load("offers0_1.xml", BASES[2]).startswith("success")
    refused = 0
    for number, body in mutants(BASES, 60, SEED + 1):
        before = everything()
        answer = talk.load(f"import0_{number + 2}.xml", body)
        assert answer.startswith(("success\n", "failure\n"))
        assert "Внутренняя" not in answer
        if answer.startswith("failure"):
            refused += 1
            assert everything() == before
    assert refused > 10
