"""Companies, contacts and deals in Bitrix24's words."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from integrations.crm.gateways import Draft
from integrations.crm.things import Company, Contact, Deal, DealLine, Thing

ORIGINATOR = "b2bportal"
_TITLE, _COMMENT = 255, 3_000


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
    if isinstance(thing, Company):
        return _company(thing, mapping, assigned, segment)
    if isinstance(thing, Contact):
        return _contact(thing, mapping, company_id)
    return _deal(thing, mapping, assigned, company_id, contact_id)


def _company(thing: Company, mapping: Mapping[str, Any], assigned: str, segment: str) -> Draft:
    fields: dict[str, Any] = {"TITLE": thing.name[:_TITLE], **_own("company", thing, mapping)}
    if assigned:
        fields["ASSIGNED_BY_ID"] = assigned
    if segment and mapping.get("segment_field"):
        fields[str(mapping["segment_field"])] = segment
    # An update would add telephones and addresses to those that are there: they come with a new card only.
    fresh = {"COMPANY_TYPE": "CUSTOMER", **_several("PHONE", thing.phone), **_several("EMAIL", thing.email)}
    return Draft(
        kind="company",
        origin=thing.origin,
        fields=fields,
        fresh=fresh,
        inn=thing.inn,
        kpp=thing.kpp,
        ogrn=thing.ogrn,
        name=thing.name[:_TITLE],
    )


def _contact(thing: Contact, mapping: Mapping[str, Any], company_id: str) -> Draft:
    fields = {"NAME": thing.name[:_TITLE], **_own("contact", thing, mapping)}
    if company_id:
        fields["COMPANY_ID"] = company_id
    return Draft(kind="contact", origin=thing.origin, fields=fields, fresh=_several("EMAIL", thing.email))


def _deal(thing: Deal, mapping: Mapping[str, Any], assigned: str, company_id: str, contact_id: str) -> Draft:
    fields: dict[str, Any] = {
        "TITLE": thing.title[:_TITLE],
        "OPPORTUNITY": str(thing.total),
        "CURRENCY_ID": thing.currency,
        **_own("deal", thing, mapping),
    }
    stage = mapping.get("stages", {}).get(thing.state)
    if stage is not None:
        fields["STAGE_ID"] = str(stage)
    if company_id:
        fields["COMPANY_ID"] = company_id
    if contact_id:
        fields["CONTACT_ID"] = contact_id
    if assigned:
        fields["ASSIGNED_BY_ID"] = assigned
    fresh: dict[str, Any] = {
        "SOURCE_ID": "WEB",
        "IS_MANUAL_OPPORTUNITY": "Y",
        "COMMENTS": thing.comment[:_COMMENT],
    }
    if mapping.get("pipeline") is not None:
        fresh["CATEGORY_ID"] = str(mapping["pipeline"])
    rows = tuple(_row(line) for line in thing.lines) if mapping.get("products") else ()
    return Draft(kind="deal", origin=thing.origin, fields=fields, fresh=fresh, rows=rows)


def _row(line: DealLine) -> dict[str, Any]:
    row: dict[str, Any] = {
        "PRODUCT_ID": 0,
        "PRODUCT_NAME": f"{line.article} {line.name}".strip()[:_TITLE],
        "PRICE": str(line.price),
        "QUANTITY": str(line.quantity),
        "TAX_INCLUDED": "Y",
    }
    if line.vat_percent is not None:
        row["TAX_RATE"] = str(line.vat_percent)
    if line.unit_code.isdigit():
        row["MEASURE_CODE"] = int(line.unit_code)
    return row


def _own(kind: str, thing: Thing, mapping: Mapping[str, Any]) -> dict[str, str]:
    named = mapping.get("fields", {}).get(kind, {})
    return {name: _text(getattr(thing, source)) for name, source in named.items()}


def _text(value: object) -> str:
    return str(value) if isinstance(value, Decimal | int) else str(value or "")


def _several(name: str, value: str) -> dict[str, list[dict[str, str]]]:
    return {name: [{"VALUE": value, "VALUE_TYPE": "WORK"}]} if value else {}
