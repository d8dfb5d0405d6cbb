"""What is known of the running servers: `services.json`, read by settings and written under one lock."""

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

HOME = Path(__file__).resolve().parents[2] / "var" / "embedded"


@dataclass(frozen=True, slots=True)
class Services:
    """Addresses of the embedded servers; empty where the server is not ours or does not run."""

    database_url: str = ""
    redis_url: str = ""
    pids: dict[str, int] = field(default_factory=dict)
    kept: list[str] = field(default_factory=list)
    """Servers that were started to stay (`start`), as against those that end with the last `run`."""


def services(home: Path = HOME) -> Services | None:
    """Return the embedded servers that run now, or None when there are none."""
    written = read(home)
    alive = {name for name, pid in written.pids.items() if Path(f"/proc/{pid}").exists()}
    if not alive:
        return None
    return Services(
        database_url=written.database_url if "postgresql" in alive else "",
        redis_url=written.redis_url if "redis" in alive else "",
        pids={name: pid for name, pid in written.pids.items() if name in alive},
        kept=[name for name in written.kept if name in alive],
    )


def read(home: Path) -> Services:
    """Return what was written last; empty when nothing readable was."""
    try:
        return Services(**json.loads((home / "services.json").read_text()))
    except (OSError, ValueError, TypeError):
        return Services()


def write(home: Path, known: Services) -> None:
    """Replace the file at once; readable by its owner only, for the addresses hold passwords."""
    fresh = home / "services.json.new"
    fresh.unlink(missing_ok=True)
    with os.fdopen(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(asdict(known), file, indent=2)
        file.write("\n")
    fresh.replace(home / "services.json")


def password(home: Path, name: str) -> str:
    """Return the server's password, made when first asked for."""
    path = home / f"{name}.password"
    if not path.exists():
        with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(16))
    return path.read_text().strip()


@contextmanager
def locked(home: Path) -> Iterator[None]:
    """Let one process at a time start or stop servers."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def in_use(home: Path) -> Iterator[None]:
    """Count as a user of the servers until the block ends, however it ends: the kernel drops the lock."""
    home.mkdir(parents=True, exist_ok=True)
    with (home / "users.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_SH)
        yield


def nobody_uses(home: Path) -> bool:
    """Tell whether no `run` needs the servers any more."""
    with (home / "users.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
