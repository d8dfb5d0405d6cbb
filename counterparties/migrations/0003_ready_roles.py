"""Give a new installation its ready roles: the admin offers them before anybody has been given one."""

from django.db import migrations

from counterparties.permissions import FIRST_STAGE, READY_ROLES, ReadyRole


def make(apps, schema_editor):
    """Keep what is there: an administrator may have changed it."""
    role_model = apps.get_model("counterparties", "Role")
    cell_model = apps.get_model("counterparties", "RolePermission")
    for ready in ReadyRole:
        role, is_new = role_model.objects.get_or_create(
            code=ready.value, defaults={"name": str(ready.label), "first_stage": FIRST_STAGE[ready].value}
        )
        if is_new:
            cell_model.objects.bulk_create(
                cell_model(role=role, permission=permission.value, scope=scope.value)
                for permission, scope in READY_ROLES[ready].items()
            )


class Migration(migrations.Migration):
    dependencies = [("counterparties", "0002_client_groups")]

    operations = [migrations.RunPython(make, migrations.RunPython.noop)]
