"""Who owns a field of an order."""

from django.db import transaction

from integrations.models import FieldTruth, OrderField, TruthOwner


@transaction.atomic
def field_truth_set(*, field: OrderField, owner: TruthOwner) -> FieldTruth:
    """From 1C's next word on it counts, or is only kept beside. Idempotent."""
    truth, _is_new = FieldTruth.objects.update_or_create(field=field, defaults={"owner": owner})
    return truth
