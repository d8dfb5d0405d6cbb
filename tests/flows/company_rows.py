"""Rows of the access matrix for registration, consents and requisites, and the objects they name."""

from collections.abc import Callable
from typing import Any

from counterparties.models import (
    AccessRequest,
    ChangeRequest,
    Consent,
    ConsentText,
    LegalEntityBankAccount,
    Registration,
)
from counterparties.services.changes import requisites_change_ask
from tests.counterparties.applications import on_review
from tests.factories import AT, World, actor_of

Row = tuple[str, Callable[[Any], dict[str, object]], str]

_NEWCOMER, _JOINER = "new@newcomer.example", "join@newcomer.example"
_ACCOUNT = {
    "bank_name": "ПАО СБЕРБАНК",
    "bic": "044525225",
    "correspondent_account": "30101810400000000225",
    "account": "40702810138250123017",
}


def make_company_objects(world: World) -> None:
    """A new company, a person who asks to join the client, a change request and an account."""
    on_review(world.city, email=_NEWCOMER)
    on_review(world.city, email=_JOINER, inn=world.entity.inn)
    LegalEntityBankAccount.objects.create(legal_entity=world.entity, **_ACCOUNT)
    requisites_change_ask(
        actor=actor_of(world.head),
        legal_entity_id=world.entity.pk,
        values={"phone": "+7 495 111-22-33"},
        comment="",
        at=AT,
    )


def _nothing(_it: Any) -> dict[str, object]:
    return {}


def _registration(_it: Any) -> dict[str, object]:
    return {"pk": Registration.objects.get(email=_NEWCOMER).pk}


def _joining(_it: Any) -> dict[str, object]:
    return {"pk": Registration.objects.get(email=_JOINER).pk}


def _access(_it: Any) -> dict[str, object]:
    return {"pk": AccessRequest.objects.get().pk}


def _change(_it: Any) -> dict[str, object]:
    return {"pk": ChangeRequest.objects.get().pk}


def _entity(it: Any) -> dict[str, object]:
    return {"pk": it.world.entity.pk}


def _account(it: Any) -> dict[str, object]:
    account = LegalEntityBankAccount.objects.get(legal_entity=it.world.entity)
    return {"pk": it.world.entity.pk, "account_pk": account.pk}


def _address(it: Any) -> dict[str, object]:
    return {"pk": it.world.entity.pk, "address_pk": it.world.address.pk}


_OPEN = "200 200 200 200 200 200 200 200 200 200 200"
_FIRST_QUESTION = "302 302 302 302 302 302 302 302 302 302 302"
_MISSING = "404 404 404 404 404 404 404 404 404 404 404"
_SIGNED_IN = "login 200 200 200 200 200 200 200 200 200 login"
_NOT_THEIRS = "login 404 404 404 404 404 404 404 404 404 login"
_STAFF = "login 403 403 403 403 403 200 200 200 403 login"
_STAFF_ACTS = "login 403 403 403 403 403 422 422 422 403 login"
_SERVING = "login 403 403 403 403 403 200 404 200 403 login"
_SERVING_ACTS = "login 403 403 403 403 403 422 404 422 403 login"
_CLIENTS = "login 200 200 200 200 200 403 403 403 403 login"
_OWN_FIRM = "login 200 200 200 404 404 403 403 403 403 login"
_HEADS = "login 403 403 200 403 200 403 403 403 403 login"
_HEAD_SEES = "login 403 403 200 403 404 403 403 403 403 login"
_HEAD_ACTS = "login 403 403 302 403 404 403 403 403 403 login"
_HEAD_IS_ASKED = "login 403 403 422 403 404 403 403 403 403 login"

COMPANY_ROWS: dict[str, Row] = {
    "counterparties:join": ("GET", _nothing, _OPEN),
    "counterparties:join_company": ("GET", _nothing, _FIRST_QUESTION),
    "counterparties:join_sent": ("GET", _nothing, _OPEN),
    "counterparties:join_confirm": ("POST", lambda it: {"token": "no"}, _MISSING),
    "counterparties:consent_text": ("GET", lambda it: {"pk": ConsentText.objects.earliest("pk").pk}, _OPEN),
    "counterparties:consents": ("GET", _nothing, _SIGNED_IN),
    "counterparties:consent_withdraw": (
        "POST",
        lambda it: {"pk": Consent.objects.earliest("pk").pk},
        _NOT_THEIRS,
    ),
    "counterparties:registrations": ("GET", _nothing, _STAFF),
    "counterparties:registration": ("GET", _joining, _SERVING),
    "counterparties:registration_approve": ("POST", _registration, _STAFF_ACTS),
    "counterparties:registration_attach": ("POST", _joining, _SERVING_ACTS),
    "counterparties:registration_reject": ("POST", _registration, _STAFF_ACTS),
    "counterparties:registration_block": ("POST", _joining, _SERVING_ACTS),
    "counterparties:changes": ("GET", _nothing, _STAFF),
    "counterparties:change": ("GET", _change, _SERVING),
    "counterparties:change_decide": ("POST", _change, _SERVING_ACTS),
    "counterparties:company": ("GET", _nothing, _CLIENTS),
    "counterparties:access_requests": ("GET", _nothing, _HEADS),
    "counterparties:access_grant": ("POST", _access, _HEAD_IS_ASKED),
    "counterparties:access_decline": ("POST", _access, _HEAD_IS_ASKED),
    "counterparties:company_entity": ("GET", _entity, _OWN_FIRM),
    "counterparties:requisites_edit": ("GET", _entity, _HEAD_SEES),
    "counterparties:account_add": ("GET", _entity, _HEAD_SEES),
    "counterparties:account_edit": ("GET", _account, _HEAD_SEES),
    "counterparties:account_remove": ("POST", _account, _HEAD_ACTS),
    "counterparties:account_default": ("POST", _account, _HEAD_ACTS),
    "counterparties:address_add": ("GET", _entity, _HEAD_SEES),
    "counterparties:address_edit": ("GET", _address, _HEAD_SEES),
    "counterparties:address_remove": ("POST", _address, _HEAD_ACTS),
}
