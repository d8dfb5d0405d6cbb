"""`docs/events.md` says what the code does."""

from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from portal.outbox import event_listing
from portal.outbox.event_listing import event_rows, event_table, events_document


def test_events_document_lists_exactly_the_declared_events() -> None:
    lines = events_document().read_text(encoding="utf-8").splitlines()

    listed = [line.split("|")[1].strip().strip("`") for line in lines if line.startswith("| `")]

    assert listed == [row.name for row in event_rows()]


def test_events_document_is_what_the_command_writes() -> None:
    remedy = "run `python manage.py outbox_events --write`"

    assert events_document().read_text(encoding="utf-8") == event_table(), remedy


def test_events_of_tests_are_not_listed() -> None:
    assert [row.name for row in event_rows() if "crate" in row.name.lower()] == []


def test_publishers_are_the_functions_that_make_the_event(tmp_path: Path) -> None:
    module = tmp_path / "services.py"
    module.write_text(
        "def crate_open():\n    publish(events.CrateOpened(crate_id=1))\n\n"
        "def crate_lose():\n    publish(CrateLost(crate_id=1))\n\n"
        "def crate_see(event: CrateOpened): ...\n",
        encoding="utf-8",
    )

    found = list(event_listing._constructions(module, {"CrateOpened"}))

    assert found == [("crate_open", "CrateOpened")]


def test_events_command_refuses_an_old_document(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    document = tmp_path / "docs" / "events.md"
    monkeypatch.setattr("portal.outbox.management.commands.outbox_events.events_document", lambda: document)

    with pytest.raises(CommandError):
        call_command("outbox_events", "--check", skip_checks=True)

    call_command("outbox_events", "--write", skip_checks=True)
    call_command("outbox_events", "--check", skip_checks=True)
    assert document.read_text(encoding="utf-8") == event_table()
