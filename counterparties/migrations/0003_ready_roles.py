"""Give a new installation its ready roles: the admin offers them before anybody has been given one."""

from django.db import migrations

# Code, name, first stage, cells: as the ready roles were when this was written.
_ROLES = [
    (
        "head",
        "Руководитель",
        4,
        {
            "order_create": "holding",
            "order_submit": "holding",
            "order_view": "holding",
            "document_view": "holding",
            "finance_view": "holding",
            "requisites_edit": "holding",
            "document_sign": "holding",
            "people_manage": "holding",
        },
    ),
    (
        "accountant",
        "Бухгалтер",
        3,
        {"order_view": "entities", "document_view": "entities", "finance_view": "entities"},
    ),
    (
        "buyer",
        "Закупщик",
        1,
        {
            "order_create": "entities",
            "order_submit": "entities",
            "order_view": "own",
            "document_view": "own",
        },
    ),
    ("receiver", "Приемщик", 1, {"order_view": "entities"}),
    ("viewer", "Наблюдатель", 1, {"order_view": "entities"}),
]


def make(apps, schema_editor):
    """Keep what is there: an administrator may have changed it."""
    role_model = apps.get_model("counterparties", "Role")
    cell_model = apps.get_model("counterparties", "RolePermission")
    for code, name, first_stage, cells in _ROLES:
        role, is_new = role_model.objects.get_or_create(
            code=code, defaults={"name": name, "first_stage": first_stage}
        )
        if is_new:
            cell_model.objects.bulk_create(
                cell_model(role=role, permission=permission, scope=scope)
                for permission, scope in cells.items()
            )


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0002_client_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
