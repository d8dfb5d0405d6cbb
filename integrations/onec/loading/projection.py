"""The typed projection of property values: what filters compare, beside what 1C sent."""

from integrations.models import ExternalKind
from integrations.onec.loading.context import LoadContext
from integrations.onec.loading.sql import copy_rows, fetch, run
from integrations.onec.reading.records import PropertyKind
from integrations.onec.texts import external_key, plain_number

_WHOLE_DIGITS = 13  # the column holds 14, and a sign may be among them

Projection = tuple[int | None, str, str | None]

_REPLACE = """
UPDATE catalog_propertyvalue value
   SET option_id = told.option_id, text = told.text, number = told.number
  FROM staged_value told
 WHERE told.product_id = value.id
   AND (value.option_id, value.text, value.number) IS DISTINCT FROM (told.option_id, told.text, told.number)
"""


def project(
    raw: str, *, kind: PropertyKind, options: dict[str, int], texts: dict[int, str], key: str
) -> Projection:
    """Tell option, text and number of a raw value; `key` is its id as an option of its property.

    The number is told in digits, which the database rounds to its column. A value that does not fit its
    type stays a text: types change between exports.
    """
    if kind == "option" and key in options:
        option_id = options[key]
        return option_id, texts.get(option_id, raw), None
    if kind == "number":
        digits = plain_number(raw)
        if digits is not None and len(digits.partition(".")[0]) <= _WHOLE_DIGITS:
            return None, raw, digits
    return None, raw, None


def option_key(property_external_id: str, external_id: str) -> str:
    """Ids of values are unique within their property only."""
    return f"{property_external_id}#{external_id}"


def option_texts(property_id: int) -> dict[int, str]:
    """Values of a property by option."""
    return dict(fetch("SELECT id, value FROM catalog_propertyoption WHERE property_id = %s", [property_id]))


def project_again(context: LoadContext, *, property_id: int, external_id: str, kind: PropertyKind) -> None:
    """Rebuild the projection of all values of a property from what 1C sent."""
    rows = fetch("SELECT id, raw FROM catalog_propertyvalue WHERE property_id = %s", [property_id])
    if not rows:
        return
    options, texts = context.ids.known(ExternalKind.PROPERTY_OPTION), option_texts(property_id)
    told = []
    for pk, raw in rows:
        key = option_key(external_id, external_key(raw))
        told.append((pk, property_id, raw, *project(raw, kind=kind, options=options, texts=texts, key=key)))
    # The column of the product holds the id of the value here.
    copy_rows("staged_value", "product_id, property_id, raw, option_id, text, number", told)
    run(_REPLACE)
    run("TRUNCATE staged_value")
