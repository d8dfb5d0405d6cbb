"""The demonstration's papers."""

import pytest

from counterparties.models import OrganizationSigner
from documents.models import ActSchedule, ContractVersion, NumberSeries, RequiredPaper
from documents.states import VersionState
from integrations.demo.company import company_fill
from integrations.demo.papers import ISSUED, papers_fill

pytestmark = pytest.mark.django_db


def test_signers_series_and_an_addendum_to_sign_come_once() -> None:
    company_fill()

    papers_fill()
    papers_fill()

    version = ContractVersion.objects.get()
    assert (version.state, version.deferral_days) == (VersionState.SENT, 45)
    assert version.files.get().name == "Дополнительное соглашение.pdf"
    assert NumberSeries.objects.count() == len(ISSUED)
    assert OrganizationSigner.objects.count() == 3
    assert (RequiredPaper.objects.count(), ActSchedule.objects.count()) == (1, 1)
