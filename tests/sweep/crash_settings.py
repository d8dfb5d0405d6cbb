"""The portal's settings where processes are killed: a silent worker is noticed soon."""

from portal.settings import *  # noqa: F403

OUTBOX_LEASE_SECONDS = 4
EXCHANGE_POLL_SECONDS = 3.0
