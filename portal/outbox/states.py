"""Where a job stands and how patient the portal is with it."""

from datetime import timedelta

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class JobState(TextChoices):
    QUEUED = "queued", _("Ждёт")
    RUNNING = "running", _("Выполняется")
    DONE = "done", _("Выполнено")
    DEAD = "dead", _("Остановлено")


MAX_ATTEMPTS = 5
# The pause after the first, second, third and fourth failure; the fifth one is final.
BACKOFF = (timedelta(seconds=10), timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))

SENDING_GRACE = timedelta(seconds=5)  # what was sent at commit needs no second sending for so long
RESEND_AFTER = timedelta(minutes=1)  # a broker that lost the message hears of it again
SWEEP_LIMIT = 200
KEEP_DONE = timedelta(days=30)
