"""The portal's settings for a worker that is going to be killed: silence is noticed soon."""

from portal.settings import *  # noqa: F403

OUTBOX_LEASE_SECONDS = 2

ROOT_URLCONF = "tests.portal.worker_settings"  # it shows no pages
urlpatterns: list[object] = []
