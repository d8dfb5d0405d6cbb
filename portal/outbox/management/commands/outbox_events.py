from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from portal.outbox.event_listing import event_table, events_document


class Command(BaseCommand):
    help = "Print the table of events, or write it into docs/events.md."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--write", action="store_true", help="write docs/events.md")
        parser.add_argument("--check", action="store_true", help="fail when docs/events.md is out of date")

    def handle(self, *args: Any, **options: Any) -> None:
        table = event_table()
        document = events_document()
        if options["write"]:
            document.parent.mkdir(exist_ok=True)
            document.write_text(table, encoding="utf-8")
        elif options["check"]:
            if not document.is_file() or document.read_text(encoding="utf-8") != table:
                raise CommandError(
                    "docs/events.md is out of date: run `python manage.py outbox_events --write`"
                )
        else:
            self.stdout.write(table, ending="")
