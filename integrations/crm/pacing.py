"""A CRM's patience, shared by all processes: a bucket that leaks, and methods that are left alone."""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import connection
from django.db.models import F, Q
from django.db.models.functions import Greatest, Now

from integrations.crm.gateways import CrmTired
from integrations.models import CrmBucket

# The clock is the database's: processes on several machines count with one.
_TAKE = """
UPDATE integrations_crmbucket
   SET level = greatest(0, level - extract(epoch FROM clock_timestamp() - at) * %(rate)s) + 1,
       at = clock_timestamp(), asked = asked + 1
 WHERE account_id = %(account)s AND method = ''
   AND (rest_until IS NULL OR rest_until <= clock_timestamp())
   AND greatest(0, level - extract(epoch FROM clock_timestamp() - at) * %(rate)s) + 1 <= %(capacity)s
RETURNING 1
"""
_WAIT = """
SELECT greatest(
         greatest(0, level - extract(epoch FROM clock_timestamp() - at) * %(rate)s) + 1 - %(capacity)s, 0
       ) / %(rate)s,
       coalesce(extract(epoch FROM rest_until - clock_timestamp()), 0)
  FROM integrations_crmbucket WHERE account_id = %(account)s AND method = ''
"""
_LONGEST_WAIT = 5.0
"""Seconds that a request waits for its turn; longer ones are given back to the queue of jobs."""


@dataclass(frozen=True, slots=True)
class Pace:
    """How a CRM wants to be asked: so many requests at once, so many in a second afterwards."""

    account_id: int
    capacity: float
    rate: float

    def take(self, method: str) -> None:
        """Wait for the turn of one request. Raises CrmTired where that would take long."""
        self._require_no_rest(method)
        values = {"account": self.account_id, "capacity": self.capacity, "rate": self.rate}
        deadline = time.monotonic() + _LONGEST_WAIT
        while True:
            with connection.cursor() as cursor:
                cursor.execute(_TAKE, values)
                if cursor.fetchone() is not None:
                    return
                cursor.execute(_WAIT, values)
                row = cursor.fetchone()
            if row is None:
                CrmBucket.objects.get_or_create(account_id=self.account_id, method="", defaults={"at": Now()})
                continue
            pause = float(row[0]) if row[1] <= 0 else max(float(row[0]), float(row[1]))
            if time.monotonic() + pause > deadline:
                raise CrmTired(pause, "waiting for the turn")
            time.sleep(max(pause, 0.01))

    def rest(self, seconds: float, *, method: str = "") -> None:
        """The CRM asks to leave it, or one of its methods, alone."""
        until = Now() + timedelta(seconds=seconds)
        CrmBucket.objects.get_or_create(account_id=self.account_id, method=method, defaults={"at": Now()})
        rows = CrmBucket.objects.filter(account_id=self.account_id, method=method)
        rows.filter(Q(rest_until__isnull=True) | Q(rest_until__lt=until)).update(rest_until=until)
        if not method:  # whatever it counts, its bucket is full
            rows.update(level=Greatest(F("level"), self.capacity))

    def _require_no_rest(self, method: str) -> None:
        rests = CrmBucket.objects.filter(account_id=self.account_id, method=method, rest_until__gt=Now())
        until: datetime | None = rests.values_list("rest_until", flat=True).first()
        if method and until is not None:
            left = (until - datetime.now(tz=until.tzinfo)).total_seconds()
            raise CrmTired(max(left, 1.0), f"{method} rests")
