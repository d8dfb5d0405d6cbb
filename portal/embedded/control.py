"""Start and stop both servers under one lock, and run a command with them."""

import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from types import FrameType
from typing import NoReturn

from portal.embedded import state
from portal.embedded.host import EmbeddedError
from portal.embedded.postgresql import PostgreSQL
from portal.embedded.redis import Redis
from portal.embedded.state import Services

REPLACED_BY = {"postgresql": "DATABASE_URL", "redis": "REDIS_URL"}
Server = PostgreSQL | Redis
FORWARDED = {signal.SIGINT, signal.SIGTERM, signal.SIGHUP}


def start(home: Path, *, keep: bool, environment: Mapping[str, str]) -> Services:
    """Start what does not run and is not replaced by an address in the environment.

    With `keep` the servers stay until `stop`; without, they end with the last command run with them.
    """
    with state.locked(home):
        kept = set(state.read(home).kept)
        wanted = [server for server in _servers(home) if not environment.get(REPLACED_BY[server.name])]
        for server in wanted:
            if server.pid() is None:
                kept.discard(server.name)
                server.start()
        if keep:
            kept |= {server.name for server in wanted}
        return _note(home, kept)


def stop(home: Path) -> None:
    """Stop both servers, whoever uses them."""
    if not home.exists():
        return
    with state.locked(home):
        for server in reversed(_servers(home)):
            server.stop()
        _note(home, set())


def release(home: Path) -> None:
    """Stop the servers that were not started to stay, when no other command uses them."""
    with state.locked(home):
        if not state.nobody_uses(home):
            return
        kept = set(state.read(home).kept)
        for server in reversed(_servers(home)):
            if server.name not in kept:
                server.stop()
        _note(home, kept)


def addresses(found: Services) -> dict[str, str]:
    """Return the environment variables that lead to the servers."""
    pairs = {"DATABASE_URL": found.database_url, "REDIS_URL": found.redis_url}
    return {name: url for name, url in pairs.items() if url}


def run(home: Path, command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command with the servers up and return its code (128 + n when signal n ended it)."""
    for number in FORWARDED:
        if number != signal.SIGHUP or signal.getsignal(number) != signal.SIG_IGN:  # nohup stays in force
            signal.signal(number, _interrupted)  # while the servers start; later each is passed on
    try:
        with state.in_use(home):
            found = start(home, keep=False, environment=environment)
            signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED | {signal.SIGCHLD})
            code = _foreground(command, {**environment, **addresses(found)})
    finally:
        signal.pthread_sigmask(signal.SIG_BLOCK, FORWARDED)  # nothing cuts the stop short
        release(home)
    return code


def _interrupted(number: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(128 + number)


def _foreground(command: Sequence[str], environment: Mapping[str, str]) -> int:
    """Run the command, passing signals on.

    At a terminal the command shares our process group, so that it may read the keyboard and hears Ctrl-C
    itself; elsewhere it gets a group of its own and hears each signal once, from us.
    """
    at_terminal = sys.stdin.isatty()
    try:
        child = subprocess.Popen(  # noqa: S603 - the command is what the developer asked for
            command,
            env=dict(environment),
            start_new_session=not at_terminal,
            preexec_fn=_unblock_signals,  # noqa: PLW1509 - single-threaded here
        )
    except OSError as problem:
        raise EmbeddedError(f"{command[0]}: {problem.strerror}") from problem
    while child.poll() is None:
        got = signal.sigtimedwait(FORWARDED | {signal.SIGCHLD}, 1)
        if got is None or got.si_signo == signal.SIGCHLD:
            continue
        heard_already = at_terminal and got.si_pid == 0
        if not heard_already:
            with suppress(ProcessLookupError):
                child.send_signal(got.si_signo)
    return child.returncode if child.returncode >= 0 else 128 - child.returncode


def _unblock_signals() -> None:
    signal.pthread_sigmask(signal.SIG_UNBLOCK, FORWARDED | {signal.SIGCHLD})


def _servers(home: Path) -> list[Server]:
    return [PostgreSQL(home), Redis(home)]


def _note(home: Path, kept: set[str]) -> Services:
    """Write down what runs now, as the servers themselves tell it."""
    postgresql, redis = PostgreSQL(home), Redis(home)
    running = {server.name: pid for server in (postgresql, redis) if (pid := server.pid())}
    known = Services(postgresql.url(), redis.url(), running)
    known = replace(known, kept=sorted(kept & running.keys()))
    state.write(home, known)
    return known
