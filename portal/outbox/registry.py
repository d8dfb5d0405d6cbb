"""Who handles what: the decorators for `<app>/handlers.py` and the look-up by name."""

import inspect
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, TypeVar, get_type_hints

from portal.outbox.events import Event
from portal.outbox.payload import field_types

Function = TypeVar("Function", bound=Callable[..., None])


class UnknownHandler(Exception):
    """No function of this version of the program has that name."""


@dataclass(frozen=True, slots=True)
class Handler:
    """A function that does a job, and how it wants to be run."""

    name: str
    function: Callable[..., None]
    payload: type
    queue: str
    atomic: bool
    wants_context: bool
    wanted: Callable[[], bool] | None = None


_handlers: dict[str, Handler] = {}


def subscribe(
    event: type[Event],
    *,
    queue: str = "default",
    atomic: bool = True,
    wanted: Callable[[], bool] | None = None,
) -> Callable[[Function], Function]:
    """Run the function as a job of its own, at least once, for every such event.

    Plain style: the runner opens a transaction, calls the function and commits its writes together
    with `done`; the function calls one service that is idempotent. With `atomic=False` the function
    works without a transaction and writes its result inside `with job.finish():`; that is for what
    takes long (a PDF, an import, a call to another system). If it never calls `finish`, it is done
    when it returns. A second parameter, if there is one, receives the JobContext.
    """

    def register(function: Function) -> Function:
        handler = replace(_described(function, queue=queue, atomic=atomic), wanted=wanted)
        if handler.payload is not event:
            raise TypeError(
                f"{handler.name} is subscribed to {event.__name__} but takes {handler.payload.__name__}"
            )
        _handlers[handler.name] = handler
        return function

    return register


def job(*, queue: str = "default", atomic: bool = True) -> Callable[[Function], Function]:
    """Let `enqueue` run the function; its first parameter is a frozen dataclass, as with `subscribe`."""

    def register(function: Function) -> Function:
        handler = _described(function, queue=queue, atomic=atomic)
        _handlers[handler.name] = handler
        return function

    return register


def handlers_of(event: type[Event]) -> list[Handler]:
    """List the functions subscribed to an event, by name."""
    return [_handlers[name] for name in sorted(_handlers) if _handlers[name].payload is event]


def handler_named(name: str) -> Handler:
    """Find a handler. Raises UnknownHandler."""
    if name not in _handlers:
        raise UnknownHandler(name)
    return _handlers[name]


def handler_name(function: Callable[..., None]) -> str:
    """Name a function as the job rows do."""
    return f"{function.__module__}.{function.__qualname__}"


def _described(function: Callable[..., None], *, queue: str, atomic: bool) -> Handler:
    parameters = list(inspect.signature(function).parameters)
    if len(parameters) not in {1, 2}:
        raise TypeError(f"{handler_name(function)} must take the payload and, if it likes, the job")
    hints: dict[str, Any] = get_type_hints(function)
    payload = hints[parameters[0]]
    field_types(payload)
    return Handler(
        name=handler_name(function),
        function=function,
        payload=payload,
        queue=queue,
        atomic=atomic,
        wants_context=len(parameters) == 2,
    )
