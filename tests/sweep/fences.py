"""What a person may not change: checksums of all rows of others, one statement for each table."""

from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache, reduce
from operator import or_

from django.apps import apps
from django.conf import settings
from django.db import connection
from django.db.models import ForeignKey, Model, Q

from counterparties.models import Holding, LegalEntity

NOTED = frozenset({"counterparties_visitrefusal", "django_session", "django_admin_log"})
"""Tables whose rows about others are meant: refused attempts are written down with the person's number."""

_DEPTH = 3
_USER = settings.AUTH_USER_MODEL


@dataclass(frozen=True)
class Fence:
    """Whose rows stand behind it: clients, legal entities, people, with all that refers to them."""

    name: str
    holdings: frozenset[int] = frozenset()
    entities: frozenset[int] = frozenset()
    users: frozenset[int] = frozenset()


@cache
def tables() -> dict[str, type[Model]]:
    """Every table that belongs to a tenant: those that lead to one by foreign keys, and the tenants."""
    there = set(connection.introspection.table_names())
    models = apps.get_models(include_auto_created=True)
    return {model._meta.db_table: model for model in models if model._meta.db_table in there and _ways(model)}


@cache
def _ways(model: type[Model]) -> tuple[tuple[str, str], ...]:
    """Paths to a client, a legal entity or a person: (kind, lookup); a tenant leads to itself."""
    if model is Holding:
        return (("holdings", "pk"),)
    if model is LegalEntity:
        return (("entities", "pk"), ("holdings", "holding_id"))
    if model._meta.label == _USER:
        return (("users", "pk"),)
    found: list[tuple[str, str]] = []
    queue: deque[tuple[type[Model], str, int]] = deque([(model, "", 0)])
    while queue:
        at, path, depth = queue.popleft()
        for field in at._meta.concrete_fields:
            if not isinstance(field, ForeignKey):
                continue
            there, lookup = field.remote_field.model, f"{path}{field.name}"
            if there is Holding:
                found.append(("holdings", f"{lookup}_id"))
            elif there is LegalEntity:
                found += [("entities", f"{lookup}_id"), ("holdings", f"{lookup}__holding_id")]
            elif there._meta.label == _USER:
                found.append(("users", f"{lookup}_id"))
            elif depth + 1 < _DEPTH and there is not at:
                queue.append((there, f"{lookup}__", depth + 1))
    return tuple(dict.fromkeys(found))


def checksum(table: str, fence: Fence) -> str:
    """MD5 over all rows of the table that stand behind the fence."""
    model = tables()[table]
    conditions = [
        Q(**{f"{lookup}__in": ids}) for kind, lookup in _ways(model) if (ids := getattr(fence, kind))
    ]
    if not conditions:
        return ""
    condition = reduce(or_, conditions)
    inside, parameters = model._base_manager.filter(condition).values("pk").query.sql_with_params()
    key = connection.ops.quote_name(model._meta.pk.column)
    name = connection.ops.quote_name(table)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT coalesce(md5(string_agg(t::text, '|' ORDER BY t.{key})), '') FROM {name} t"
            f" WHERE t.{key} IN ({inside})",
            parameters,
        )
        return str(cursor.fetchone()[0])


def checksums(fences: Iterable[Fence]) -> dict[tuple[str, str], str]:
    return {
        (fence.name, table): checksum(table, fence)
        for fence in fences
        for table in tables()
        if table not in NOTED
    }


def writes() -> dict[str, int]:
    """How often each table was written in this transaction, what was rolled back included."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables"
            " WHERE n_tup_ins + n_tup_upd + n_tup_del > 0"
        )
        return dict(cursor.fetchall())
