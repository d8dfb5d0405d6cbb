from datetime import date

from django.apps.registry import Apps
from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor

_DECREE = "к постановлению Правительства Российской Федерации от 26 декабря 2011 г. № 1137"
_EDITED = "(в редакции постановления Правительства Российской Федерации от {})"
_IN_2024 = _EDITED.format("16 августа 2024 г. № 1096")
_IN_2026 = _EDITED.format("23 января 2026 г. № 26")
_TORG_12 = "Унифицированная форма № ТОРГ-12, утверждена постановлением Госкомстата России от 25.12.98 № 132"
_BEGINNING = date(2000, 1, 1)
_EDITIONS = [
    *(
        (kind, day, f"{kind}-{code}", f"Приложение № {annex} {_DECREE} {edited}")
        for kind, annex in (("factura", 1), ("upd", 1), ("correction", 2))
        for day, code, edited in (
            (date(2024, 10, 1), "2024-10", _IN_2024),
            (date(2026, 4, 1), "2026-04", _IN_2026),
        )
    ),
    ("invoice", _BEGINNING, "invoice-1", ""),
    ("waybill", _BEGINNING, "torg-12", _TORG_12),
    ("act", _BEGINNING, "act-1", ""),
    ("shipping", _BEGINNING, "shipping-1", ""),
    ("proxy", _BEGINNING, "m-2", ""),
]


def editions_seed(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    """Put down the editions that the portal can lay out as it comes."""
    version = apps.get_model("documents", "FormVersion")
    for kind, day, code, notice in _EDITIONS:
        version.objects.get_or_create(kind=kind, valid_from=day, defaults={"code": code, "notice": notice})


class Migration(migrations.Migration):
    dependencies = [("documents", "0004_part_eight_models")]

    operations = [migrations.RunPython(editions_seed, migrations.RunPython.noop)]
