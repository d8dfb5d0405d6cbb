"""Typed events and jobs: written in the caller's transaction, done after it.

Nothing here imports a model, so that any app may name events and handlers while Django loads.
"""

from portal.outbox.contract import JobContext, JobRefused, LeaseLost
from portal.outbox.events import Event
from portal.outbox.publishing import Period, PeriodStart, enqueue, publish
from portal.outbox.registry import job, subscribe

__all__ = [
    "Event",
    "JobContext",
    "JobRefused",
    "LeaseLost",
    "Period",
    "PeriodStart",
    "enqueue",
    "job",
    "publish",
    "subscribe",
]
