"""The table of events in `docs/events.md`: read from the code, so that it cannot tell tales."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from django.apps import AppConfig, apps

from portal.outbox.events import Event, known_events
from portal.outbox.payload import field_types
from portal.outbox.registry import handlers_of

_HEAD = """\
# Events

What one app tells the others through `portal.outbox`. An event becomes one job per handler, in the
transaction of its publisher. This table is written by `python manage.py outbox_events --write` and
compared with the code by a test.

| event | fields | published by | handled by |
|---|---|---|---|
"""


@dataclass(frozen=True, slots=True)
class EventRow:
    """One line of the table."""

    name: str
    fields: tuple[str, ...]
    publishers: tuple[str, ...]
    handlers: tuple[str, ...]


def event_rows() -> list[EventRow]:
    """List the events that the installed apps declare, by name."""
    own = _own_apps()
    modules = {f"{app.name}.events" for app in own}
    declared = [event for event in known_events() if event.__module__ in modules]
    publishers = _publishers({event.__name__ for event in declared}, own)
    return [_row(event, publishers.get(event.__name__, set())) for event in declared]


def event_table() -> str:
    """Write the whole of `docs/events.md`."""
    lines = [
        f"| `{row.name}` | {_cell(row.fields)} | {_cell(row.publishers)} | {_cell(row.handlers)} |"
        for row in event_rows()
    ]
    return _HEAD + "".join(f"{line}\n" for line in lines)


def events_document() -> Path:
    """Tell where the table is kept: `docs/` beside `portal/`."""
    return Path(__file__).resolve().parents[2] / "docs" / "events.md"


def _row(event: type[Event], publishers: set[str]) -> EventRow:
    return EventRow(
        name=event.event_name,
        fields=tuple(f"{name}: {_type_name(hint)}" for name, hint in field_types(event).items()),
        publishers=tuple(sorted(publishers)),
        handlers=tuple(f"{handler.name} ({handler.queue})" for handler in handlers_of(event)),
    )


def _cell(parts: tuple[str, ...]) -> str:
    return "<br>".join(f"`{part}`" for part in parts).replace("|", r"\|") or "–"


def _type_name(hint: object) -> str:
    return hint.__name__ if isinstance(hint, type) else str(hint)


def _own_apps() -> list[AppConfig]:
    """Leave out the apps of installed packages: ours lie beside `portal/`."""
    root = Path(__file__).resolve().parents[2]
    folders = {root, root / "portal"}
    return [app for app in apps.get_app_configs() if Path(app.path).parent in folders]


def _publishers(names: set[str], own: list[AppConfig]) -> dict[str, set[str]]:
    """Find the functions that make an event: who makes one publishes it."""
    found: dict[str, set[str]] = {}
    for app in own:
        for path in sorted(Path(app.path).rglob("*.py")):
            module = ".".join((app.name, *path.relative_to(app.path).with_suffix("").parts))
            for function, name in _constructions(path, names):
                found.setdefault(name, set()).add(f"{module}.{function}")
    return found


def _constructions(path: Path, names: set[str]) -> Iterator[tuple[str, str]]:
    """Yield (function, event) for each call of an event class inside a function of the file."""
    source = path.read_text(encoding="utf-8")
    if not any(name in source for name in names):
        return
    for node in ast.walk(ast.parse(source)):
        if not isinstance(node, ast.FunctionDef):
            continue
        for call in ast.walk(node):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Name | ast.Attribute):
                name = call.func.id if isinstance(call.func, ast.Name) else call.func.attr
                if name in names:
                    yield node.name, name
