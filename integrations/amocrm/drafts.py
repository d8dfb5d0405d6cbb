"""Companies, contacts and leads in amoCRM's words."""

from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from integrations.crm.gateways import Draft
from integrations.crm.things import Company, Contact, Deal, Thing
from portal.lib.money import format_money

_NAME, _TEXT, _NOTE = 255, 250, 15_000
CUSTOM = "field:"
"""How fields with a number are told from amoCRM's own among the fields of a draft."""


def draft_of(
    thing: Thing,
    *,
    mapping: Mapping[str, Any],
    assigned: str,
    segment: str,
    company_id: str,
    contact_id: str,
) -> Draft:
    """A thing as fields; `assigned` and `segment` are empty where the CRM has the last word."""
    kind, name = ("deal", thing.title) if isinstance(thing, Deal) else (_kind(thing), thing.name)
    fields: dict[str, Any] = {"name": name[:_NAME], **_own(kind, thing, mapping)}
    if assigned:
        fields["responsible_user_id"] = assigned
    fresh: dict[str, Any] = {}
    rows: tuple[Mapping[str, Any], ...] = ()
    inn = ""
    if isinstance(thing, Company):
        inn = thing.inn
        if segment and mapping.get("segment_field"):
            fields[f"{CUSTOM}{mapping['segment_field']}"] = segment
    elif isinstance(thing, Deal):
        # amoCRM keeps whole roubles.
        fields["price"] = str(thing.total.quantize(Decimal(1), rounding=ROUND_HALF_UP))
        stage = mapping.get("stages", {}).get(thing.state)
        if stage is not None:
            fields["status_id"] = str(stage)
            fields["pipeline_id"] = str(mapping.get("pipeline", ""))
        fresh = {"contacts": contact_id}
        rows = ({"text": _composition(thing)},) if mapping.get("products") and thing.lines else ()
    if not isinstance(thing, Company):
        fresh |= {"companies": company_id}
    return Draft(
        kind=kind,
        origin=thing.origin,
        fields=_kept(fields),
        fresh=fresh,
        rows=rows,
        inn=inn,
        name=name[:_NAME],
    )


def body_of(draft: Draft, *, reference_field: int, number: int, is_new: bool) -> dict[str, Any]:
    """What is sent of a draft: own fields as they are, numbered ones as values; ties with a new card."""
    body: dict[str, Any] = {"request_id": str(number)}
    values = [{"field_id": reference_field, "values": [{"value": draft.origin}]}]
    for name, value in draft.fields.items():
        if name.startswith(CUSTOM):
            field_id = int(name.removeprefix(CUSTOM))
            values.append({"field_id": field_id, "values": [{"value": value}]})
        else:
            body[name] = int(value) if name != "name" and str(value).isdigit() else value
    body["custom_fields_values"] = values
    ties = {name: [{"id": int(pk)}] for name, pk in draft.fresh.items() if pk}
    if is_new and ties:
        body["_embedded"] = ties
    return body


def values_of(card: Mapping[str, Any]) -> dict[str, Any]:
    """Fields of a card under the names that drafts have."""
    values = {name: card.get(name) for name in ("name", "price", "status_id", "pipeline_id")}
    values["responsible_user_id"] = card.get("responsible_user_id")
    listed = card.get("custom_fields_values")
    for one in listed if isinstance(listed, list) else []:
        if isinstance(one, dict) and isinstance(one.get("values"), list) and one["values"]:
            first = one["values"][0]
            values[f"{CUSTOM}{one.get('field_id')}"] = first.get("value") if isinstance(first, dict) else None
    return values


def _kind(thing: Company | Contact) -> str:
    return "company" if isinstance(thing, Company) else "contact"


def _composition(deal: Deal) -> str:
    lines = [
        f"{line.article} {line.name}: {line.quantity.normalize():f} × {format_money(line.price)} ₽".strip()
        for line in deal.lines
    ]
    return "\n".join([f"Состав заказа {deal.number}", *lines])[:_NOTE]


def _own(kind: str, thing: Thing, mapping: Mapping[str, Any]) -> dict[str, str]:
    named = mapping.get("fields", {}).get(kind, {})
    return {f"{CUSTOM}{name}": str(getattr(thing, source) or "")[:_TEXT] for name, source in named.items()}


def _kept(fields: Mapping[str, Any]) -> dict[str, Any]:
    """Without empty values: amoCRM refuses them in some fields and reads them as nothing in others."""
    return {name: value for name, value in fields.items() if value != ""}
