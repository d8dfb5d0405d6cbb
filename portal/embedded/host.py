"""What the machine offers: processes as /proc shows them, free ports, an account other than root."""

import os
import pwd
import socket
import subprocess
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

LOOPBACK = "127.0.0.1"
CAP_DAC_OVERRIDE = 1
CAP_DAC_READ_SEARCH = 2


class EmbeddedError(RuntimeError):
    """An embedded server cannot be started or stopped; the text says why and what to do."""


@dataclass(frozen=True, slots=True)
class Account:
    """The user a server runs as."""

    uid: int
    gid: int

    @property
    def is_ours(self) -> bool:
        return self.uid == os.geteuid()


def server_account(data: Path) -> Account:
    """Choose who runs PostgreSQL, which refuses root: ourselves, else the owner of the data, else nobody."""
    if os.geteuid() != 0:
        return Account(os.geteuid(), os.getegid())
    if data.exists() and data.stat().st_uid != 0:
        return Account(data.stat().st_uid, data.stat().st_gid)
    try:
        nobody = pwd.getpwnam("nobody")
    except KeyError:
        return Account(65534, 65534)
    return Account(nobody.pw_uid, nobody.pw_gid)


def execute(
    command: Sequence[str | Path],
    *,
    account: Account,
    cwd: Path,
    stdin: str = "",
    timeout: float = 120,
    log: Path | None = None,
) -> str:
    """Run a server's program as the account and return what it printed.

    With a log, output goes there instead: a server started by the program would hold a pipe open.
    Raises EmbeddedError with the last lines of the output when the program fails.
    """
    arguments = [*_as_account(account, [cwd, Path(str(command[0]))]), *map(str, command)]
    environment = {"PATH": os.environ.get("PATH", os.defpath), "LC_ALL": "C.UTF-8", "TZ": "UTC"}
    try:
        done = subprocess.run(  # noqa: S603 - own programs, no shell
            arguments,
            cwd=cwd,
            env=environment,
            input=stdin,
            text=True,
            stdout=subprocess.PIPE if log is None else subprocess.DEVNULL,
            stderr=subprocess.STDOUT if log is None else subprocess.DEVNULL,
            timeout=timeout,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired) as problem:
        raise EmbeddedError(f"{Path(str(command[0])).name}: {problem}") from problem
    if done.returncode != 0:
        output = done.stdout if log is None else tail(log)
        last_lines = "\n  ".join((output or "").strip().splitlines()[-12:])
        raise EmbeddedError(f"{Path(str(command[0])).name} failed ({done.returncode}):\n  {last_lines}")
    return done.stdout or ""


def _as_account(account: Account, must_reach: list[Path]) -> list[str]:
    """Return the setpriv words that make a command run as the account.

    A checkout below a closed folder (root's home is one) cannot be entered by another user,
    so there the server keeps root's right to pass closed folders, and nothing else of root's.
    """
    if account.is_ours:
        return []
    words = ["setpriv", f"--reuid={account.uid}", f"--regid={account.gid}", "--clear-groups"]
    if all(can_enter(path, account) for path in must_reach):
        return [*words, "--"]
    allowed = _bounding_capabilities()
    if allowed >> CAP_DAC_READ_SEARCH & 1:
        right = "+dac_read_search"
    elif allowed >> CAP_DAC_OVERRIDE & 1:
        right = "+dac_override"
    else:
        raise EmbeddedError(
            f"user {account.uid} cannot enter {must_reach[0]}: open its parent folders (chmod o+x), "
            "move the checkout, or set DATABASE_URL"
        )
    # access(2), with which PostgreSQL looks at its own programs, counts the right only with this bit set.
    words += ["--securebits=+no_setuid_fixup", f"--inh-caps={right}", f"--ambient-caps={right}"]
    return [*words, "--"]


def can_enter(path: Path, account: Account) -> bool:
    """Tell whether every folder above the path lets the account through."""
    for folder in path.resolve().parents:
        status = folder.stat()
        bit = 0o100 if status.st_uid == account.uid else 0o010 if status.st_gid == account.gid else 0o001
        if not status.st_mode & bit:
            return False
    return True


def _bounding_capabilities() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("CapBnd:"):
            return int(line.split()[1], 16)
    return 0


def runs_in(pid: int, folder: Path) -> bool:
    """Tell whether a living process with this pid works in the folder, so that a reused pid is not believed.

    PostgreSQL and Redis both work in their data folder. A dead child that nobody waited for does not count.
    """
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
        return state not in {"Z", "X"} and Path(f"/proc/{pid}/cwd").resolve() == folder.resolve()
    except (OSError, IndexError):
        return False


def processes_in(folder: Path) -> list[int]:
    """Return pids of everything that works in the folder, such as children of a killed server."""
    return [
        int(entry.name)
        for entry in Path("/proc").iterdir()
        if entry.name.isdigit() and runs_in(int(entry.name), folder)
    ]


def wait_until(condition: Callable[[], bool], *, seconds: float) -> bool:
    """Poll until the condition holds; False when the time is over."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True


def free_port(preferred: int | None = None) -> int:
    """Return a loopback port that nobody listens on, the preferred one when it is free."""
    for candidate in (preferred or 0, 0):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((LOOPBACK, candidate))
            except OSError:
                continue
            return int(probe.getsockname()[1])
    raise EmbeddedError("no free loopback port")


def tail(path: Path, lines: int = 12) -> str:
    """Return the last lines of a log, or nothing when there is none."""
    if not path.exists():
        return ""
    return "\n".join(path.read_text(errors="replace").splitlines()[-lines:])
