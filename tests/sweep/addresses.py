"""Every address of the portal, and whose thing it names."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from uuid import uuid4

from django.apps import apps
from django.contrib import admin
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils.http import int_to_base36

from tests.sweep.things import Corner, Goods

PUBLIC = ""
"""The thing belongs to nobody."""

SKIPPED: dict[str, str] = {
    "None": "django.contrib.admin's catch-all, which has no name",
    "admin:None": "the same inside the admin",
    "admin:view_on_site": "leads to the public page of a content type; the portal has none",
}
"""Addresses that are not asked, with the reason; at most 15."""


@dataclass(frozen=True)
class Address:
    """An address by name and the names of its parameters."""

    name: str
    parameters: tuple[str, ...]

    @property
    def is_admin(self) -> bool:
        return self.name.startswith("admin:")


@cache
def every_address() -> tuple[Address, ...]:
    """All names of the resolver, allauth's, hijack's and the admin's included."""
    found: dict[str, Address] = {}

    def walk(patterns: list[URLPattern | URLResolver], space: str, above: tuple[str, ...]) -> None:
        for one in patterns:
            inside = (*above, *_parameters(one))
            if isinstance(one, URLPattern):
                found[f"{space}{one.name}"] = Address(f"{space}{one.name}", inside)
            else:
                walk(one.url_patterns, f"{space}{one.namespace}:" if one.namespace else space, inside)

    walk(get_resolver().url_patterns, "", ())
    return tuple(found.values())


def _parameters(one: URLPattern | URLResolver) -> tuple[str, ...]:
    pattern = one.pattern
    converters = getattr(pattern, "converters", None)
    return tuple(converters or pattern.regex.groupindex)


Kwargs = dict[str, object]
Thing = tuple[str, str]
"""A kind of id of a corner, and the tag of what it shows: {c} corner, {h} holding, {e} legal entity."""

PAPERS = {
    "documents:download": "document",
    "documents:received": "received",
    "documents:edo_view": "exchange",
    "documents:xml": "exchange",
    "documents:edo_send": "upd",
    "documents:detail": "document",
    "documents:copy_add": "document",
    "documents:copy_return": "document",
    "documents:correct": "document",
    "documents:received_detail": "received",
    "documents:received_copy_add": "received",
    "documents:received_copy_return": "received",
}
"""Addresses of papers, which are named by a uid."""

OWN_PAPERS = {
    "documents:price_list": "price_list",
    "documents:price_list_make": "price_list",
    "documents:price_list_state": "price_list",
    "documents:price_list_remove": "price_list",
    "documents:price_list_mail": "price_list",
    "documents:price_list_link": "price_list",
    "documents:price_list_file": "price_list_file",
    "documents:task": "document_task",
    "documents:task_file": "document_task",
    "documents:archive_file": "archive",
} | dict.fromkeys(
    (f"orders:upload{page}" for page in ("", "_read", "_row", "_cart", "_forget", "_result", "_original")),
    "upload",
)
"""Addresses of things by their uid that only their person sees."""

TALKS = dict.fromkeys(
    (
        f"counterparties:thread{page}"
        for page in ("", "_lines", "_file", "_close", "_reopen", "_take", "_hand_over")
    ),
    "thread",
)
"""Addresses of talks by their uid, which those see who see the order."""

MONEY_PAPERS = {"finance:payment": "online"} | dict.fromkeys(
    (
        f"documents:act{page}"
        for page in (
            "", "_state", "_file", "_anew", "_own", "_remark", "_agree", "_refuse", "_accept", "_scan",
        )
    ),
    "act",
)  # fmt: skip
"""Addresses of payments and acts by their uid, which those see who see the money of the legal entity."""

PK: dict[str, Thing] = {
    "finance:ledger": ("contract", "{h}people"),
    "finance:ledger_file": ("contract", "{h}people"),
    "orders:code_remove": ("code", "{h}"),
    "orders:code_restore": ("code", "{h}"),
    "documents:request_original": ("shipment", "{c}order"),
    "documents:contract": ("contract", "{h}people"),
    "documents:contract_version_new": ("contract", "{h}people"),
    "documents:contract_unprolong": ("contract", "{h}people"),
    "documents:contract_file": ("contract_version", "{h}people"),
    "documents:contract_scans": ("contract_version", "{h}people"),
    "documents:contract_file_new": ("contract_version", "{h}people"),
    "documents:contract_move": ("contract_version", "{h}people"),
    "documents:contract_return": ("contract_version", "{h}people"),
    "documents:contract_accept": ("contract_version", "{h}people"),
    "documents:shipment_paper": ("shipment", "{c}order"),
    "documents:order_invoice": ("order", "{c}order"),
    "documents:request_paper": ("shipment_request", "{c}order"),
    "accounts:session_end": ("session", "{c}self"),
    "accounts:notice_open": ("notice", "{c}self"),
    "accounts:notice_mark": ("notice", "{c}self"),
    "mfa_remove_webauthn": ("key", "{c}key"),
    "mfa_edit_webauthn": ("key", "{c}key"),
    "orders:cart_line": ("line", "{c}self"),
    "orders:cart_clear": ("cart", "{c}self"),
    "orders:cart_choose": ("cart", "{c}self"),
    "orders:distribute": ("cart", "{c}self"),
    "orders:shortage": ("cart", "{c}self"),
    "orders:cart_line_note": ("line", "{c}self"),
    "orders:cart_open": ("cart", "{c}self"),
    "orders:schedule": ("cart", "{c}self"),
    "orders:schedule_move": ("cart", "{c}self"),
    "orders:cart_copy": ("cart", "{c}self"),
    "orders:cart_rename": ("cart", "{c}self"),
    "orders:cart_share": ("cart", "{c}self"),
    "orders:cart_delete": ("cart", "{c}self"),
    "orders:cart_lines": ("cart", "{c}self"),
    "orders:cart_put": ("cart", "{c}self"),
    "orders:cart_update": ("cart", "{c}self"),
    "orders:cart_places": ("cart", "{c}self"),
    "orders:cart_ways": ("cart", "{c}self"),
    "orders:draft": ("draft", "{c}self"),
    "orders:draft_take": ("draft", "{c}self"),
    "orders:draft_dismiss": ("draft", "{c}self"),
    "orders:unwatch": ("watch", "{c}self"),
    "orders:price_unwatch": ("price_watch", "{c}self"),
    "orders:list_unwatch": ("list_watch", "{c}self"),
    "orders:view_change": ("order_view", "{c}self"),
    "orders:calculation": ("calculation", "{c}self"),
    "orders:calculation_pdf": ("calculation", "{c}self"),
    "orders:calculation_cart": ("calculation", "{c}self"),
    "orders:calculation_sharing": ("calculation", "{c}self"),
    "orders:calculation_delete": ("calculation", "{c}self"),
    "orders:detail": ("order", "{c}order"),
    "orders:confirm": ("order", "{c}order"),
    "orders:cancel": ("order", "{c}order"),
    "orders:reject": ("order", "{c}order"),
    "orders:hold": ("order", "{c}order"),
    "orders:release": ("order", "{c}order"),
    "orders:approve": ("order", "{c}order"),
    "orders:decline": ("order", "{c}order"),
    "orders:repeat": ("order", "{c}order"),
    "orders:payment": ("order", "{c}order"),
    "orders:change": ("order", "{c}order"),
    "orders:add_more": ("order", "{c}order"),
    "orders:change_decide": ("order_change", "{c}order"),
    "orders:receive": ("shipment", "{c}order"),
    "orders:claim_new": ("shipment", "{c}order"),
    "orders:claim": ("claim", "{c}order"),
    "orders:claim_withdraw": ("claim", "{c}order"),
    "orders:claim_files": ("claim", "{c}order"),
    "orders:claim_file": ("claim", "{c}order"),
    "orders:claim_take": ("claim", "{c}order"),
    "orders:claim_approve": ("claim", "{c}order"),
    "orders:claim_reject": ("claim", "{c}order"),
    "orders:claim_credit": ("claim", "{c}order"),
    "orders:claim_complete": ("claim", "{c}order"),
    "documents:claim_act": ("claim", "{c}order"),
    "orders:shipment_request": ("shipment_request", "{c}order"),
    "orders:shipment_print": ("shipment_request", "{c}order"),
    "orders:shipment_move": ("shipment_request", "{c}order"),
    "orders:quote": ("quote", "{c}order"),
    "orders:quote_remark": ("quote", "{c}order"),
    "orders:quote_withdraw": ("quote", "{c}order"),
    "orders:quote_accept": ("quote", "{c}order"),
    "orders:quote_print": ("quote", "{c}order"),
    "orders:quote_answer": ("quote", "{c}order"),
    "orders:quote_take": ("quote", "{c}order"),
    "orders:quote_decline": ("quote", "{c}order"),
    "counterparties:invitation_resend": ("invitation", "{h}people"),
    "counterparties:invitation_revoke": ("invitation", "{h}people"),
    "counterparties:role": ("role", "{h}people"),
    "counterparties:role_remove": ("role", "{h}people"),
    "counterparties:stage_approve": ("asked_stage", "{h}people"),
    "counterparties:stage_decline": ("asked_stage", "{h}people"),
    "counterparties:stage_revoke": ("held_stage", "{h}people"),
    "counterparties:stage_give": ("membership", "{h}people"),
    "counterparties:person": ("membership", "{h}people"),
    "counterparties:person_deactivate": ("membership", "{h}people"),
    "counterparties:person_reactivate": ("membership", "{h}people"),
    "counterparties:preview": ("membership", "{h}people"),
    "counterparties:consent_withdraw": ("consent", "{c}self"),
    "counterparties:registration": ("registration", "{h}people"),
    "counterparties:registration_approve": ("registration", "{h}people"),
    "counterparties:registration_attach": ("registration", "{h}people"),
    "counterparties:registration_reject": ("registration", "{h}people"),
    "counterparties:registration_block": ("registration", "{h}people"),
    "counterparties:change": ("change", "{h}people"),
    "counterparties:change_decide": ("change", "{h}people"),
    "counterparties:access_grant": ("access", "{h}people"),
    "counterparties:access_decline": ("access", "{h}people"),
    "counterparties:company_entity": ("entity", "{e}"),
    "finance:alert_choose": ("entity", "{h}people"),
    "counterparties:requisites_edit": ("entity", "{h}people"),
    "counterparties:account_add": ("entity", "{h}people"),
    "counterparties:account_edit": ("entity", "{h}people"),
    "counterparties:account_remove": ("entity", "{h}people"),
    "counterparties:account_default": ("entity", "{h}people"),
    "counterparties:address_add": ("entity", "{h}people"),
    "counterparties:address_edit": ("entity", "{h}people"),
    "counterparties:address_remove": ("entity", "{h}people"),
    "counterparties:client": ("holding", "{h}people"),
    "counterparties:client_note": ("holding", "{h}people"),
    "counterparties:client_limit": ("holding", "{h}people"),
    "counterparties:visit_start": ("holding", "{h}people"),
    "counterparties:visit": ("visit", "{c}visit"),
    "counterparties:manager_photo": ("manager", "{h}photo"),
    "counterparties:merge": ("holding", "{h}people"),
    "counterparties:merge_compare": ("holding", "{h}people"),
    "counterparties:merge_holdings": ("holding", "{h}people"),
    "counterparties:merge_entities": ("entity", "{h}people"),
    "counterparties:split": ("holding", "{h}people"),
}
"""What `pk` of an address is. A new address with `pk` must be named here or in GOODS."""

GOODS: dict[str, Callable[[Goods], Kwargs]] = {
    "catalog:section": lambda it: {"pk": it.section.pk},
    "catalog:section_export": lambda it: {"pk": it.section.pk},
    "catalog:product": lambda it: {"pk": it.skus[0].product_id},
    "pricing:reason": lambda it: {"pk": it.skus[0].pk},
    "articles:article": lambda it: {"slug": it.article.slug},
    "orders:watch_sku": lambda it: {"pk": it.skus[0].pk},
    "orders:calculator": lambda it: {"slug": it.calculator.slug},
    "orders:calculator_keep": lambda it: {"slug": it.calculator.slug},
    "orders:calculator_cart": lambda it: {"slug": it.calculator.slug},
    "orders:reviews": lambda it: {"pk": it.skus[0].product_id},
    "orders:review_write": lambda it: {"pk": it.skus[0].product_id},
    "catalog:picture": lambda it: {"pk": it.picture.pk},
    "catalog:paper": lambda it: {"pk": it.paper.pk},
    "counterparties:consent_text": lambda it: {"pk": it.consent_text.pk},
    "push:stream": lambda it: {"stream": "partners"},
}

SECOND: dict[str, str] = {
    "user_pk": "user",
    "account_pk": "account",
    "address_pk": "address",
    "version_pk": "contract_version",
    "file_pk": "contract_file",
    "uid": "quote",
    "version": "offer_version",
    "file_uid": "claim_file",
}
"""Parameters beside `pk`, by the kind of id that they hold; a `target_pk` is of the same kind as `pk`."""

TOKENS: dict[str, Callable[[Corner], Kwargs]] = {
    "orders:calculation_shared": lambda it: {"token": uuid4()},
    "orders:calculation_shared_cart": lambda it: {"token": uuid4()},
    "orders:calculation_shared_keep": lambda it: {"token": uuid4()},
    "counterparties:invitation": lambda it: {"token": f"{it.ids['invitation']}-1.forged"},
    "counterparties:join_confirm": lambda it: {"token": f"{it.ids['registration']}:forged"},
    "account_confirm_email": lambda it: {"key": f"{it.ids['user']}:forged"},
    "account_reset_password_from_key": lambda it: {
        "uidb36": int_to_base36(int(str(it.ids["user"]))),
        "key": "forged-key",
    },
    "finance:calendar_feed": lambda it: {"token": f"{it.ids['user']}-forged"},
    "documents:price_list_feed": lambda it: {"token": f"{it.key}-forged.forged"},
    "accounts:unsubscribe": lambda it: {"token": f"{it.ids['user']}:forged"},
    "crm_hook": lambda _it: {"hook": uuid4()},
    "accounts:company_start": lambda it: {"provider_id": it.key},
    "openid_connect_callback": lambda it: {"provider_id": it.key},
}
"""Addresses that carry a secret: a forged one opens nothing, whoever's number it names."""


def is_known(address: Address) -> bool:
    """Whether a factory knows every parameter of the address."""
    if address.name in GOODS or address.name in TOKENS or not address.parameters or address.is_admin:
        return True
    if address.name in PAPERS | OWN_PAPERS | MONEY_PAPERS | TALKS:
        return True
    rest = set(address.parameters) - {"pk", "stage", "target_pk"} - set(SECOND)
    return address.name in PK and not rest


def is_object(address: Address) -> bool:
    """Whether the address names somebody's thing."""
    return address.name in PK.keys() | PAPERS.keys() | OWN_PAPERS.keys() | MONEY_PAPERS.keys() | TALKS.keys()


def is_of_nobody(address: Address) -> bool:
    """Whether the address shows goods and texts only, which belong to nobody."""
    if address.name == "catalog:suggestions":  # orders and papers by number as well
        return False
    return address.name in GOODS or address.name.startswith(("catalog:", "articles:"))


def kwargs_of(address: Address, corner: Corner, goods: Goods) -> Kwargs:
    """Parameters that name the corner's thing."""
    if address.name in GOODS:
        return GOODS[address.name](goods)
    if address.name in TOKENS:
        return TOKENS[address.name](corner)
    if address.name in TALKS:
        sent = {"file_pk": corner.ids["message_file"]} if "file_pk" in address.parameters else {}
        return {"uid": corner.ids["thread"], **sent}
    if kind := (PAPERS | OWN_PAPERS | MONEY_PAPERS).get(address.name):
        return {"uid": corner.ids[kind]} | ({"position": 1} if "position" in address.parameters else {})
    found: Kwargs = {}
    for name in address.parameters:
        if name in {"pk", "target_pk"}:
            found[name] = corner.ids[PK[address.name][0]]
        elif name == "stage":
            found[name] = 3
        else:
            found[name] = corner.ids[SECOND[name]]
    return found


def tag_of(address: Address, corner: Corner) -> str:
    """The tag that a person must be allowed to see in order to see the thing."""
    shown = PK.get(address.name, ("", PUBLIC))[1]
    if address.name in PAPERS or address.name in TALKS:
        shown = "{c}order"
    elif address.name in MONEY_PAPERS:
        shown = "{h}people"
    elif address.name in OWN_PAPERS:
        shown = "{c}self"
    return shown.format(c=corner.key, h=corner.holding, e=corner.entity)


def admin_path(address: Address) -> str:
    """An admin page of the first row of its model."""
    kwargs: Kwargs = {}
    for name in address.parameters:
        if name == "app_label":
            kwargs[name] = "orders"
        elif name == "url":
            kwargs[name] = "nothing"
        else:
            kwargs[name] = _first_row(address)
    return reverse(address.name, kwargs=kwargs)


def _first_row(address: Address) -> object:
    for model in admin.site._registry:
        if address.name.startswith(f"admin:{model._meta.app_label}_{model._meta.model_name}_"):
            row = apps.get_model(model._meta.label)._base_manager.order_by("pk").first()
            return row.pk if row else 1
    return 1
