"""The group of processes: stand-ins for web, worker and beat, driven as a developer does it."""

import os
import signal
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
DRIVER = """
import os, sys
from portal.processes import ProcessGroup
with ProcessGroup(os.environ, sys.stdout) as group:
    for name, script in zip(sys.argv[1::2], sys.argv[2::2]):
        group.start(name, ["sh", "-c", script], passing=name.startswith("once"))
    sys.exit(group.wait() or 0)
"""
SERVES = "echo up; exec sleep 60"
WITH_CHILD = "trap 'exit 0' TERM; sleep 61 & echo up; wait"
DEAF = "trap '' TERM; echo up; while :; do sleep 0.1; done"


def begin(marker: str, *names_and_scripts: str) -> subprocess.Popen[str]:
    """Start the group in a session of its own, marked so that every descendant can be found."""
    return subprocess.Popen(
        [sys.executable, "-c", DRIVER, *names_and_scripts],
        cwd=ROOT,
        env={**os.environ, "MARKER": marker},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def living(marker: str) -> list[str]:
    """Return the command lines of processes that carry the marker in their environment."""
    found = []
    for entry in Path("/proc").iterdir():
        try:
            if f"MARKER={marker}".encode() in (entry / "environ").read_bytes():
                found.append((entry / "cmdline").read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return found


def lines_until_up(process: subprocess.Popen[str], count: int) -> list[str]:
    assert process.stdout is not None
    return [process.stdout.readline().rstrip("\n") for _ in range(count)]


@pytest.fixture
def marker() -> str:
    return uuid.uuid4().hex


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_all_processes_and_their_children(marker: str, number: signal.Signals) -> None:
    group = begin(marker, "web", SERVES, "worker", WITH_CHILD)
    shown = lines_until_up(group, 2)

    os.killpg(group.pid, number)
    rest, _ = group.communicate(timeout=20)

    assert sorted(shown) == ["web    | up", "worker | up"]
    assert (group.returncode, rest) == (
        0,
        "portal | stopping; once more, and at once\nportal | all processes ended\n",
    )
    assert living(marker) == []


def test_a_process_that_dies_ends_the_others_with_its_code(marker: str) -> None:
    group = begin(marker, "web", SERVES, "worker", "sleep 0.3; exit 5")

    shown, _ = group.communicate(timeout=20)

    assert group.returncode == 5
    assert "portal | worker ended with code 5\n" in shown
    assert living(marker) == []


def test_a_process_killed_by_a_signal_counts_as_the_shell_counts(marker: str) -> None:
    group = begin(marker, "web", SERVES, "worker", "kill -9 $$")

    group.communicate(timeout=20)

    assert group.returncode == 137


def test_a_passing_process_may_end_well_and_prints_without_a_name(marker: str) -> None:
    group = begin(marker, "web", "sleep 0.6; exit 3", "once", "echo password: 123")

    shown, _ = group.communicate(timeout=20)

    assert group.returncode == 3
    assert shown.splitlines()[0] == "password: 123"


def test_a_passing_process_that_fails_ends_the_others(marker: str) -> None:
    group = begin(marker, "web", SERVES, "once", "exit 4")

    group.communicate(timeout=20)

    assert group.returncode == 4
    assert living(marker) == []


def test_processes_end_when_the_group_itself_is_killed(marker: str) -> None:
    group = begin(marker, "web", SERVES)
    lines_until_up(group, 1)

    group.kill()
    group.communicate(timeout=20)

    deadline = time.monotonic() + 5
    while living(marker) and time.monotonic() < deadline:
        time.sleep(0.05)
    assert living(marker) == []


def test_a_second_request_does_not_wait_for_the_grace(marker: str) -> None:
    group = begin(marker, "web", DEAF)
    lines_until_up(group, 1)

    group.terminate()
    time.sleep(1.2)
    started = time.monotonic()
    group.terminate()
    group.communicate(timeout=20)

    assert group.returncode == 0
    assert time.monotonic() - started < 5
    assert living(marker) == []


def test_a_process_deaf_to_the_request_is_killed_after_the_grace(marker: str) -> None:
    driver = DRIVER.replace(
        "with ProcessGroup", "import portal.processes as p; p.GRACE_SECONDS = 0.5\nwith ProcessGroup"
    )
    group = subprocess.Popen(
        [sys.executable, "-c", driver, "web", DEAF],
        cwd=ROOT,
        env={**os.environ, "MARKER": marker},
        stdout=subprocess.PIPE,
        text=True,
    )
    lines_until_up(group, 1)

    group.terminate()
    group.communicate(timeout=20)

    assert group.returncode == 0
    assert living(marker) == []
