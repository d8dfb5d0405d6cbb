"""The embedded servers: real ones, each test under a folder of its own."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest
import redis

from portal.embedded import EmbeddedError, Services, control, postgresql, services
from portal.embedded.host import Account, can_enter, processes_in, runs_in

ROOT = Path(__file__).resolve().parents[2]
NOBODY = 65534


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """Give a folder for servers, closed to other users as pytest's are; end what a test left running."""
    folder = tmp_path / "embedded"
    yield folder
    control.stop(folder)


def start(home: Path, environment: dict[str, str] | None = None) -> Services:
    return control.start(home, keep=True, environment=environment or {})


def query(found: Services, text: str) -> list[tuple[object, ...]]:
    with psycopg.connect(found.database_url) as connection:
        return connection.execute(text).fetchall()


def cli(home: Path, *words: str, **variables: str) -> subprocess.Popen[str]:
    environment = {
        name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}
    }
    return subprocess.Popen(
        [sys.executable, "-m", "portal.embedded", "--home", str(home), *words],
        cwd=ROOT,
        env=environment | variables,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def running(home: Path) -> dict[str, int]:
    found = services(home)
    return found.pids if found else {}


def test_postgresql_speaks_utf8_and_has_no_extension_but_plpgsql(home: Path) -> None:
    found = start(home)

    assert query(found, "select extname from pg_extension") == [("plpgsql",)]
    assert query(found, "show server_encoding") == [("UTF8",)]
    assert query(found, "show fsync") == [("on",)]
    assert query(found, "select lower('КАБЕЛЬ ВВГ'), current_database()::text") == [("кабель ввг", "portal")]


def test_postgresql_refuses_a_stranger_without_the_password(home: Path) -> None:
    found = start(home)

    with pytest.raises(psycopg.OperationalError, match="password"):
        psycopg.connect(found.database_url.replace(":", ":x", 2).replace("postgresql:x", "postgresql:"))


def test_redis_keeps_its_queue_on_disk_and_evicts_nothing(home: Path) -> None:
    found = start(home)

    with redis.Redis.from_url(found.redis_url) as client:
        assert client.config_get("append*")["appendonly"] == "yes"
        assert client.config_get("appendfsync") == {"appendfsync": "everysec"}
        assert client.config_get("maxmemory-policy") == {"maxmemory-policy": "noeviction"}


def test_start_again_leaves_running_servers_alone(home: Path) -> None:
    first = start(home)

    second = start(home)

    assert second == first
    assert services(home) == first


def test_start_after_kill_brings_back_what_was_written(home: Path) -> None:
    found = start(home)
    with psycopg.connect(found.database_url) as connection:
        connection.execute("create table kept as select 42 as answer")
    with redis.Redis.from_url(found.redis_url) as client:
        client.rpush("queue", "invoice")
    servers = [psutil.Process(pid) for pid in found.pids.values()]
    for server in servers:
        server.kill()
    psutil.wait_procs(servers, timeout=10)  # a busy machine takes a moment to bury them

    again = start(home)

    assert again.pids.keys() == {"postgresql", "redis"}
    assert set(again.pids.values()).isdisjoint(found.pids.values())
    assert query(again, "select answer from kept") == [(42,)]
    with redis.Redis.from_url(again.redis_url) as client:
        assert client.lrange("queue", 0, -1) == [b"invoice"]


def test_start_does_not_believe_a_stale_pid_that_lives_as_something_else(home: Path) -> None:
    start(home)
    pid_file = home / "postgresql" / "data" / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    control.stop(home)
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:]]))
    (home / "redis" / "server.pid").write_text(str(os.getpid()))

    assert running(home) == {}
    found = start(home)

    assert query(found, "select 1") == [(1,)]
    assert os.getpid() not in found.pids.values()


def test_start_sets_a_half_made_data_folder_aside(home: Path) -> None:
    half = home / "postgresql" / "data"
    half.mkdir(parents=True)
    (half / "PG_VERSION").write_text("18\n")
    (home / "postgresql" / "new-0abc").mkdir()

    found = start(home)

    assert query(found, "select 1") == [(1,)]
    assert list((home / "postgresql").glob("new-*")) == []
    assert [path.name for path in (home / "postgresql").glob("broken-*/*")] == ["PG_VERSION"]


def test_start_sets_unreadable_redis_data_aside(home: Path) -> None:
    start(home)
    control.stop(home)
    written = [path for path in (home / "redis").rglob("appendonly*") if path.is_file()]
    for path in written:
        path.write_bytes(b"not a Redis file" * 10)

    found = start(home)

    with redis.Redis.from_url(found.redis_url) as client:
        assert client.dbsize() == 0
    assert len(list((home / "redis").glob("broken-*"))) == 1


def test_two_starts_at_once_make_one_pair_of_servers(home: Path) -> None:
    both = [cli(home, "start"), cli(home, "start")]

    printed = [process.communicate(timeout=60)[0] for process in both]

    assert [process.returncode for process in both] == [0, 0], printed
    assert printed[0] == printed[1]
    assert running(home).keys() == {"postgresql", "redis"}


def test_stop_leaves_no_process_and_no_address(home: Path) -> None:
    start(home)

    control.stop(home)

    assert processes_in(home / "postgresql" / "data") == []
    assert processes_in(home / "redis") == []
    assert services(home) is None


def test_run_gives_addresses_returns_the_code_and_stops_what_it_started(home: Path) -> None:
    script = (
        "import os, sys, psycopg, redis\n"
        "psycopg.connect(os.environ['DATABASE_URL']).close()\n"
        "redis.Redis.from_url(os.environ['REDIS_URL']).ping()\n"
        "sys.exit(7)"
    )

    process = cli(home, "run", "--", sys.executable, "-c", script)
    printed, _ = process.communicate(timeout=60)

    assert (process.returncode, printed) == (7, "")
    assert running(home) == {}
    assert processes_in(home / "postgresql" / "data") == []


def test_run_leaves_servers_that_were_started_to_stay(home: Path) -> None:
    found = start(home)

    process = cli(home, "run", "--", "true")
    process.communicate(timeout=60)

    assert process.returncode == 0
    assert running(home) == found.pids


def test_run_starts_only_what_the_environment_does_not_replace(home: Path) -> None:
    show = "import os; print(os.environ['DATABASE_URL'], os.environ['REDIS_URL'].split(':')[0])"

    process = cli(home, "run", "--", sys.executable, "-c", show, DATABASE_URL="postgresql://elsewhere/portal")
    printed, _ = process.communicate(timeout=60)

    assert (process.returncode, printed) == (0, "postgresql://elsewhere/portal redis\n")
    assert not (home / "postgresql").exists()


def test_run_that_ends_first_leaves_the_servers_to_the_other(home: Path) -> None:
    wait = f"import pathlib, time\nwhile not pathlib.Path({str(home / 'go')!r}).exists(): time.sleep(0.05)"
    longer = cli(home, "run", "--", sys.executable, "-c", wait)
    shorter = cli(home, "run", "--", "true")

    shorter.communicate(timeout=60)
    left_running = running(home)
    (home / "go").touch()
    longer.communicate(timeout=60)

    assert left_running.keys() == {"postgresql", "redis"}
    assert running(home) == {}


@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_run_passes_a_signal_on_once_and_stops_its_servers(home: Path, number: int, code: int) -> None:
    script = (
        "import signal, sys, time\n"
        "heard = []\n"
        "for n in (signal.SIGINT, signal.SIGTERM): signal.signal(n, lambda n, f: heard.append(int(n)))\n"
        "print('up', flush=True)\n"
        "while not heard: time.sleep(0.02)\n"
        "time.sleep(0.3); print(heard, flush=True); sys.exit(128 + heard[0])"
    )
    process = cli(home, "run", "--", sys.executable, "-c", script, REDIS_URL="redis://elsewhere")
    assert process.stdout is not None
    assert process.stdout.readline() == "up\n"

    process.send_signal(number)
    printed, _ = process.communicate(timeout=60)

    assert (process.returncode, printed) == (code, f"[{int(number)}]\n")
    assert running(home) == {}


def test_services_are_unknown_when_the_file_is_stale_or_broken(home: Path) -> None:
    home.mkdir()
    dead = subprocess.Popen(["true"])
    dead.wait()

    (home / "services.json").write_text(json.dumps({"database_url": "x", "pids": {"postgresql": dead.pid}}))
    after_a_crash = services(home)
    (home / "services.json").write_text('{"database_url": "x", "pi')

    assert after_a_crash is None
    assert services(home) is None


def test_absent_postgresql_is_told_with_its_remedy(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(postgresql, "_candidate_folders", list)

    with pytest.raises(
        EmbeddedError, match=r"PostgreSQL 15 or newer not found: run scripts/setup.*DATABASE_URL"
    ):
        start(home)


@pytest.mark.skipif(os.geteuid() != 0, reason="an ordinary user can enter its own folders")
def test_root_starts_programs_that_lie_below_a_closed_folder(
    home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    home.parent.chmod(0o700)
    installed = postgresql.binaries().folder.parent
    closed = home.parent / "site" / installed.parent.name / installed.name
    shutil.copytree(installed, closed)
    shutil.copytree(installed.parent.with_suffix(".libs"), closed.parent.with_suffix(".libs"))
    monkeypatch.setattr(postgresql, "_candidate_folders", lambda: [closed / "bin"])

    found = start(home)

    status = Path(f"/proc/{found.pids['postgresql']}/status").read_text()
    assert query(found, "select 1") == [(1,)]
    assert re.findall(r"^(?:Uid|CapEff):\s*(\w+)", status, re.M) == [str(NOBODY), f"{1 << 2:016x}"]


@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests already run as an ordinary user")
def test_an_ordinary_user_can_do_it_too() -> None:
    nobody = Account(NOBODY, NOBODY)
    pythons = [python for python in (sys.executable, "/usr/bin/python3") if can_enter(Path(python), nobody)]
    if not pythons or not can_enter(ROOT / "manage.py", nobody):
        pytest.skip("checkout or Python lie below a closed folder, which an ordinary user cannot enter")
    folder = Path(tempfile.mkdtemp(prefix="embedded-"))
    os.chown(folder, NOBODY, NOBODY)
    command = ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", pythons[0]]
    command += ["-B", "-m", "portal.embedded", "--home", str(folder / "embedded")]
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": sysconfig.get_path("purelib")}
    try:
        subprocess.run([*command, "start"], cwd=ROOT, check=True, timeout=60, env=environment)
        found = services(folder / "embedded")
        assert found is not None
        owners = {name: Path(f"/proc/{pid}").stat().st_uid for name, pid in found.pids.items()}
        subprocess.run([*command, "stop"], cwd=ROOT, check=True, timeout=60, env=environment)
    finally:
        control.stop(folder / "embedded")
        shutil.rmtree(folder)

    assert owners == {"postgresql": NOBODY, "redis": NOBODY}


def test_a_zombie_does_not_count_as_running(tmp_path: Path) -> None:
    child = subprocess.Popen(["true"], cwd=tmp_path)
    while Path(f"/proc/{child.pid}/stat").read_text().split()[2] != "Z":
        time.sleep(0.01)

    seen = runs_in(child.pid, tmp_path)
    child.wait()

    assert seen is False
