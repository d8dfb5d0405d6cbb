"""What beat sets off, and how often."""

from datetime import timedelta
from typing import Any

SCHEDULE: dict[str, dict[str, Any]] = {
    "outbox-sweep": {"task": "outbox.sweep", "schedule": timedelta(seconds=5), "options": {"expires": 5}},
    "outbox-purge": {"task": "outbox.purge", "schedule": timedelta(days=1)},
    "guesses-purge": {"task": "accounts.guesses_purge", "schedule": timedelta(hours=6)},
    "letters-purge": {"task": "accounts.letters_purge", "schedule": timedelta(days=1)},
    # Asked every five minutes, done once an hour: a digest goes out at the hour its reader has chosen.
    "digests-order": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=5),
        "args": ["accounts.handlers.order_digests", "hour"],
    },
    # Asked every hour, done once a day: the job's key is the day.
    "notices-purge": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["accounts.handlers.purge_notices", "day"],
    },
    "stages-expire": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["counterparties.handlers.expire_stages", "day"],
    },
    "popularity-count": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["orders.handlers.count_popularity", "day"],
    },
    # The name of its row in the database: another one would leave that row alone, its handler gone.
    "arrivals-tell": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=5),
        "args": ["orders.handlers.tell_watches", "minute"],
    },
    "together-count": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["orders.handlers.count_together", "day"],
    },
    "served-count": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["orders.handlers.count_served", "day"],
    },
    "uploads-expire": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["orders.handlers.expire_uploads", "day"],
    },
    "brand-tree-refresh": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["catalog.handlers.refresh_brand_tree", "day"],
    },
    "queries-purge": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["catalog.handlers.purge_queries", "day"],
    },
    "vocabulary-renew": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=1),
        "args": ["catalog.handlers.renew_vocabulary", "minute"],
    },
    "exchange-waiting-retry": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=10),
        "args": ["integrations.handlers.retry_waiting", "minute"],
    },
    "exchange-watch": {
        "task": "integrations.exchange_watch",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "exchange-alarms": {
        "task": "integrations.exchange_alarms",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "exchange-tidy": {"task": "integrations.exchange_tidy", "schedule": timedelta(minutes=10)},
    # Asked every ten minutes, done once an hour: a list goes out at the hour its client has chosen.
    "price-lists-ask": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=10),
        "args": ["documents.handlers.ask_due_price_lists", "hour"],
    },
    "edo-poll": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=5),
        "args": ["documents.handlers.poll_edo", "minute"],
    },
    "files-recheck": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["documents.handlers.recheck_files", "day"],
    },
    "owed-papers-tell": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["documents.handlers.tell_owed_papers", "day"],
    },
    "acts-make": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["documents.handlers.make_due_acts", "day"],
    },
    "acts-stale": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=5),
        "args": ["documents.handlers.mark_stale_acts", "minute"],
    },
    "schedules-start": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=10),
        "args": ["orders.handlers.start_schedules", "hour"],
    },
    "rhythms-count": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["orders.handlers.count_rhythms", "day"],
    },
    "pauses-forget": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["counterparties.handlers.forget_pauses", "day"],
    },
    "payments-reread": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=1),
        "args": ["finance.handlers.reread_payments", "minute"],
    },
    "terms-tell": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(hours=1),
        "args": ["finance.handlers.tell_terms", "hour"],
    },
    "debts-tell": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=10),
        "args": ["finance.handlers.tell_debts", "minute"],
    },
    "steps-tell": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=1),
        "args": ["orders.handlers.tell_steps", "minute"],
    },
    "quotes-watch": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=10),
        "args": ["orders.handlers.watch_quotes", "hour"],
    },
    "mailbox-fetch": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=1),
        "args": ["integrations.handlers.fetch_mailbox", "minute"],
    },
    "visits-expire": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=30),
        "args": ["counterparties.handlers.expire_visits", "hour"],
    },
    "contracts-watch": {
        "task": "outbox.enqueue_period",
        "schedule": timedelta(minutes=30),
        "args": ["documents.handlers.watch_contracts", "hour"],
    },
    "outside-wake": {
        "task": "integrations.outside_wake",
        "schedule": timedelta(minutes=1),
        "options": {"expires": 60},
    },
    "outside-ask": {"task": "integrations.outside_ask", "schedule": timedelta(minutes=20)},
}
