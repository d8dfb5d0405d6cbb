"""How everybody signs in to the demonstration; printed by `manage.py demo_load`."""

PASSWORD = "demo-portal-2026"  # noqa: S105 - shared by all people of the demonstration
NODE_CODE = "ut-demo"
NODE_USERNAME = "1c-exchange"
NODE_PASSWORD = "demo-exchange-2026"  # noqa: S105
