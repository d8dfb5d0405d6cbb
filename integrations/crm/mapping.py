"""The mapping of an account: which field of the CRM gets what, which stage an order's state is."""

from collections.abc import Iterator, Mapping
from typing import Any

from django.utils.translation import gettext as _

from integrations.crm.things import SOURCES
from integrations.models import CrmKind
from orders.states import OrderState

_KEYS: Mapping[str, type | tuple[type, ...]] = {
    "stages": dict,
    "fields": dict,
    "segment_field": (str, int),
    "pipeline": (str, int),
    "products": bool,
    "reference_fields": dict,
    "preset": int,
    "phone_field": int,
    "email_field": int,
}
_ONLY = {"reference_fields": CrmKind.AMOCRM, "preset": CrmKind.BITRIX24}
_LONGEST = 100

EXAMPLES: Mapping[str, Mapping[str, Any]] = {
    CrmKind.BITRIX24: {
        "pipeline": 0,
        "preset": 1,
        "products": True,
        "segment_field": "UF_CRM_SEGMENT",
        "stages": {
            "submitted": "NEW",
            "confirmed": "PREPARATION",
            "partly_shipped": "EXECUTING",
            "shipped": "FINAL_INVOICE",
            "completed": "WON",
            "cancelled": "LOSE",
            "rejected": "LOSE",
        },
        "fields": {
            "company": {"UF_CRM_INN": "inn", "UF_CRM_PORTAL": "url"},
            "deal": {"UF_CRM_NUMBER": "number", "UF_CRM_PORTAL": "url"},
        },
    },
    CrmKind.AMOCRM: {
        "pipeline": 3_177_727,
        "products": True,
        "segment_field": 710_005,
        "reference_fields": {"company": 710_001, "contact": 710_002, "deal": 710_003},
        "stages": {"submitted": 32_392_156, "confirmed": 32_392_159, "completed": 142, "cancelled": 143},
        "fields": {"company": {"710010": "inn"}, "deal": {"710011": "number"}},
    },
}
"""What an administrator begins with."""


def mapping_faults(kind: str, mapping: object) -> list[str]:
    """What is wrong with a mapping, in Russian; nothing when it can be worked with."""
    if not isinstance(mapping, dict):
        return [_("Сопоставление должно быть объектом JSON: { … }")]
    faults = list(_shape(kind, mapping))
    return faults or [*_stages(kind, mapping), *_fields(kind, mapping), *_references(kind, mapping)]


def _shape(kind: str, mapping: Mapping[str, Any]) -> Iterator[str]:
    for key, value in mapping.items():
        if key not in _KEYS:
            known = ", ".join(sorted(_KEYS))
            yield _("«{key}»: такого раздела нет. Есть: {known}").format(key=key, known=known)
        elif key in _ONLY and kind != _ONLY[key]:
            yield _("«{key}»: этот раздел бывает только у {kind}").format(key=key, kind=_ONLY[key].label)
        elif not isinstance(value, _KEYS[key]) or (isinstance(value, bool) and _KEYS[key] is not bool):
            yield _("«{key}»: значение не того вида").format(key=key)


def _stages(kind: str, mapping: Mapping[str, Any]) -> Iterator[str]:
    for state, stage in mapping.get("stages", {}).items():
        if state not in OrderState.values:
            known = ", ".join(OrderState.values)
            yield _("stages: состояния заказа «{state}» нет. Есть: {known}").format(state=state, known=known)
        if not _is_name(stage):
            yield _("stages: у «{state}» стадия должна быть текстом или числом").format(state=state)
        elif kind == CrmKind.AMOCRM and not str(stage).isdigit():
            yield _("stages: у amoCRM стадия «{stage}» должна быть числом").format(stage=stage)


def _fields(kind: str, mapping: Mapping[str, Any]) -> Iterator[str]:
    for thing, named in mapping.get("fields", {}).items():
        if thing not in SOURCES or not isinstance(named, dict):
            yield _("fields: «{thing}» – ожидались company, contact, deal").format(thing=thing)
            continue
        for name, source in named.items():
            if source not in SOURCES[thing]:
                yield _("fields.{thing}: значения «{source}» на портале нет. Есть: {known}").format(
                    thing=thing, source=source, known=", ".join(SOURCES[thing])
                )
            if not _is_name(name):
                yield _("fields.{thing}: пустое имя поля").format(thing=thing)
            elif kind == CrmKind.AMOCRM and not name.isdigit():
                yield _("fields.{thing}: поле amoCRM «{name}» должно быть числом").format(
                    thing=thing, name=name
                )


def _references(kind: str, mapping: Mapping[str, Any]) -> Iterator[str]:
    if kind != CrmKind.AMOCRM:
        return
    fields = mapping.get("reference_fields", {})
    for thing in SOURCES:
        if not isinstance(fields.get(thing), int):
            yield _(
                "reference_fields: нужен номер текстового поля для «{thing}», иначе карточки задвоятся"
            ).format(thing=thing)


def _is_name(value: object) -> bool:
    is_plain = isinstance(value, str | int) and not isinstance(value, bool)
    return is_plain and 0 < len(str(value)) <= _LONGEST
