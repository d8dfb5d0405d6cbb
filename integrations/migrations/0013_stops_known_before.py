"""Firms that 1C had stopped before the portal heeded it."""

from django.db import migrations

_STOPPED = """
UPDATE counterparties_legalentity entity
   SET is_stopped_by_erp = true
 WHERE EXISTS (
           SELECT FROM integrations_erpparty party
             JOIN integrations_erppartner partner
               ON partner.node_id = party.node_id AND partner.external_id = party.partner_external_id
            WHERE party.legal_entity_id = entity.id AND NOT party.is_deleted
              AND partner.is_stopped AND NOT partner.is_deleted)
    OR (EXISTS (SELECT FROM integrations_erpparty party WHERE party.legal_entity_id = entity.id)
        AND NOT EXISTS (SELECT FROM integrations_erpparty party
                         WHERE party.legal_entity_id = entity.id AND NOT party.is_deleted))
"""


class Migration(migrations.Migration):
    dependencies = [("integrations", "0012_crm_told_facts"), ("counterparties", "0010_stopped_by_erp")]

    operations = [migrations.RunSQL(_STOPPED, migrations.RunSQL.noop)]
