"""Addresses of contracts for the access matrix, and a version that waits for the manager."""

from collections.abc import Callable
from typing import Any

from documents.models import ContractFile, ContractVersion
from documents.states import ContractFileRole, VersionState
from portal.files.services import store
from tests.factories import AT

SEES = "login 404 404 200 404 404 200 404 200 403 login"
STAFF = "login 403 403 403 403 403 200 200 200 403 login"
REVIEWS = "login 403 403 403 403 403 422 404 422 403 login"
SIGNS = "login 403 403 422 403 404 403 403 403 403 login"


def nothing(it: Any) -> dict[str, object]:
    return {}


def contract_pk(it: Any) -> dict[str, object]:
    version_pk(it)
    return {"pk": it.world.contract.pk}


def version_pk(it: Any) -> dict[str, object]:
    """Made past the services: the client has sent a scan of it."""
    found = ContractVersion.objects.first()
    if found is None:
        found = ContractVersion.objects.create(
            contract=it.world.contract,
            number=1,
            state=VersionState.UPLOADED,
            created_by=it.world.manager,
            created_at=AT,
            sent_at=AT,
        )
        ContractFile.objects.create(
            version=found,
            role=ContractFileRole.CLIENT_SCAN,
            name="скан.pdf",
            file=store(content=b"%PDF-1.4\n%%EOF\n", name="1.pdf", mime="application/pdf"),
            uploaded_by=it.world.head,
            uploaded_at=AT,
        )
    return {"version_pk": found.pk}


def file_pk(it: Any) -> dict[str, object]:
    version_pk(it)
    return {"file_pk": ContractFile.objects.get().pk}


CONTRACT_ROWS: dict[str, tuple[str, Callable[[Any], dict[str, object]], str]] = {
    "documents:contracts": ("GET", nothing, "login 200 200 200 200 200 200 200 200 403 login"),
    "documents:contract": ("GET", contract_pk, SEES),
    "documents:contract_file": ("GET", file_pk, SEES),
    "documents:contract_new": ("GET", nothing, STAFF),
    "documents:contract_version_new": ("POST", contract_pk, REVIEWS),
    "documents:contract_file_new": ("POST", version_pk, REVIEWS),
    "documents:contract_return": ("POST", version_pk, REVIEWS),
    "documents:contract_accept": ("POST", version_pk, REVIEWS),
    "documents:contract_move": ("POST", version_pk, REVIEWS.replace("422", "404")),
    "documents:contract_scans": ("POST", version_pk, SIGNS),
    "documents:contract_unprolong": ("POST", contract_pk, "login 403 403 422 403 404 422 404 422 403 login"),
}
