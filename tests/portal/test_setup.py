"""What set-up and the production set promise, as far as files can tell."""

import os
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from portal.environment import Environment
from scripts.house_words import LOCKS, fault, findings_in

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ("web", "worker", "beat", "index", "migrate")


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load(read("docker-compose.yml"))


@pytest.fixture(scope="module")
def services(compose: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return compose["services"]


def test_compose_holds_the_production_set(services: dict[str, dict[str, Any]]) -> None:
    assert set(services) == {*PORTAL, "nginx", "postgres", "pgbouncer", "redis", "cache"}
    assert services["postgres"]["image"] == "postgres:18"
    assert services["pgbouncer"]["environment"]["POOL_MODE"] == "transaction"


def test_compose_opens_only_nginx_to_the_outside(
    compose: dict[str, Any], services: dict[str, dict[str, Any]]
) -> None:
    assert [name for name, service in services.items() if "ports" in service] == ["nginx"]
    assert [name for name, network in compose["networks"].items() if network.get("internal")] == [
        "front",
        "data",
    ]
    assert {tuple(services[name]["networks"]) for name in ("postgres", "pgbouncer", "redis", "cache")} == {
        ("data",)
    }
    assert "data" not in services["nginx"]["networks"]


def test_compose_checks_the_health_of_everything_that_answers(services: dict[str, dict[str, Any]]) -> None:
    assert {name for name, service in services.items() if "healthcheck" not in service} == {
        "beat",
        "index",
        "migrate",
    }


def test_compose_waits_for_health_and_migrations(services: dict[str, dict[str, Any]]) -> None:
    awaited = {
        name: {other: how["condition"] for other, how in services[name]["depends_on"].items()}
        for name in PORTAL
    }

    healthy = {"pgbouncer": "service_healthy", "redis": "service_healthy", "cache": "service_healthy"}
    ready = {"migrate": "service_completed_successfully", **healthy}
    assert awaited == {
        "web": ready,
        "worker": ready,
        "beat": ready,
        "index": ready,
        "migrate": {"postgres": "service_healthy"},
    }


@pytest.mark.parametrize("name", PORTAL)
def test_portal_containers_may_do_little(name: str, services: dict[str, dict[str, Any]]) -> None:
    service = services[name]

    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]


@pytest.mark.parametrize("name", PORTAL)
def test_portal_containers_are_told_settings_that_exist(
    name: str, services: dict[str, dict[str, Any]]
) -> None:
    for_celery = {"REMAP_SIGTERM"}

    told = set(services[name]["environment"]) - for_celery

    assert told - {field.upper() for field in Environment.model_fields} == set()


def test_portal_speaks_through_pgbouncer_and_migrates_past_it(services: dict[str, dict[str, Any]]) -> None:
    urls = {name: services[name]["environment"]["DATABASE_URL"] for name in PORTAL}

    assert {name: re.sub(r":\$\{.*?\}@", "@", url) for name, url in urls.items()} == {
        "web": "postgresql://portal@pgbouncer:6432/portal",
        "worker": "postgresql://portal@pgbouncer:6432/portal",
        "beat": "postgresql://portal@pgbouncer:6432/portal",
        "index": "postgresql://portal@pgbouncer:6432/portal",
        "migrate": "postgresql://owner@postgres:5432/portal",
    }
    assert services["web"]["environment"]["DATABASE_OPTIONS"] == ""


def test_queue_is_durable_and_cache_forgets() -> None:
    queue = dict(
        line.split(" ", 1) for line in read("deploy/redis-queue.conf").splitlines() if line[:1] != "#"
    )
    cache = dict(
        line.split(" ", 1) for line in read("deploy/redis-cache.conf").splitlines() if line[:1] != "#"
    )

    assert (queue["appendonly"], queue["appendfsync"], queue["maxmemory-policy"]) == (
        "yes",
        "everysec",
        "noeviction",
    )
    assert (cache["appendonly"], cache["maxmemory-policy"]) == ("no", "allkeys-lru")


def test_compose_asks_only_for_variables_that_the_example_names() -> None:
    asked = set(re.findall(r"\$\{(\w+)", read("docker-compose.yml")))

    assert asked == set(re.findall(r"^(\w+)=", read("deploy/compose.env.example"), re.M))


def test_compose_mounts_files_that_exist(services: dict[str, dict[str, Any]]) -> None:
    mounts = [mount.split(":")[0] for service in services.values() for mount in service.get("volumes", [])]
    files = [mount for mount in mounts if mount.startswith("./")]

    assert len(files) == 4
    assert [mount for mount in files if not (ROOT / mount).exists()] == []


def test_nginx_sends_the_portals_files_from_where_they_lie(services: dict[str, dict[str, Any]]) -> None:
    environment = services["web"]["environment"]
    location = re.search(r"location (\S+) \{\s+internal;\s+alias (\S+);", read("deploy/nginx.conf"))

    assert location is not None
    assert location[1] == environment["FILES_ACCEL_PREFIX"]
    assert location[2].rstrip("/") == environment["FILES_DIRECTORY"]


@pytest.mark.parametrize("header", ["For", "Proto", "Host", "Port"])
def test_nginx_overwrites_what_a_visitor_says_of_himself(header: str) -> None:
    sent = re.findall(rf"proxy_set_header X-Forwarded-{header} (\S+);", read("deploy/nginx.conf"))

    assert len(sent) == 1
    assert "$http_" not in sent[0]
    assert sent[0] != "$proxy_add_x_forwarded_for"


def test_image_runs_as_an_ordinary_user_with_the_libraries_of_setup() -> None:
    image = read("Dockerfile")
    libraries = re.search(r"^LIBRARIES=\((.*)\)$", read("scripts/setup"), re.M)

    assert libraries is not None
    assert re.findall(r"^USER (.*)$", image, re.M) == ["10001:101"]
    assert [name for name in libraries[1].split() if name not in image.split()] == []


@pytest.mark.parametrize("name", sorted(LOCKS))
def test_lock_names_no_address(name: str) -> None:
    assert findings_in(name) == []


@pytest.mark.parametrize(
    ("name", "suffix", "line"),
    [
        ("requirements/base.txt", ".txt", "--index-url https://packages.example.com/simple"),
        ("package-lock.json", ".json", '      "resolved": "https://packages.example.com/x.tgz",'),
        ("orders/services.py", ".py", "    # TO" + "DO later"),
        ("orders/services.py", ".py", "    raise Not" + "ImplementedError"),
        ("docs/operator.md", ".md", "cd /ro" + "ot/portal"),
    ],
)
def test_house_words_finds_what_must_not_be_committed(name: str, suffix: str, line: str) -> None:
    assert fault(name, suffix, line) is not None


@pytest.mark.parametrize("name", ["base", "embedded", "dev"])
def test_lock_pins_every_package_with_a_hash(name: str) -> None:
    lines = read(f"requirements/{name}.txt").splitlines()
    pins = [number for number, line in enumerate(lines) if re.match(r"[A-Za-z0-9]", line)]

    assert len(pins) > 3
    assert [lines[at] for at in pins if not re.match(r"\S+==\S+( ; .*)? \\$", lines[at])] == []
    assert [lines[at] for at in pins if not lines[at + 1].strip().startswith("--hash=sha256:")] == []


def test_every_icon_of_a_template_is_in_the_sprite() -> None:
    text = "".join(path.read_text(encoding="utf-8") for path in (ROOT / "templates").rglob("*.html"))
    used = set(re.findall(r"_ui/icon\.html\"[^%]*? name=\"([a-z0-9-]+)\"", text))
    used |= set(re.findall(r"\bicon=\"([a-z0-9-]+)\"", text))

    assert len(used) > 5
    assert used - set(read("scripts/icons.txt").split()) == set()


def test_setup_does_nothing_the_second_time() -> None:
    def set_up() -> str:
        done = subprocess.run(
            ["scripts/setup", "run"], cwd=ROOT, capture_output=True, text=True, timeout=600, check=True
        )
        return done.stderr

    set_up()
    said_again = set_up()

    assert [line for line in said_again.splitlines() if "installing" in line or "making" in line] == []


def test_make_help_names_every_target() -> None:
    # `make test` hands its own flags down, and a make below another one tells its folder.
    alone = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL"}}
    command = ["make", "--no-print-directory", "help"]
    shown = subprocess.run(command, cwd=ROOT, env=alone, capture_output=True, text=True, check=True).stdout
    phony = re.search(r"^\.PHONY: (.*)$", read("Makefile"), re.M)

    assert phony is not None
    assert [line.split()[1] for line in shown.splitlines()] == phony[1].split()


def test_ci_runs_what_the_readme_names() -> None:
    assert re.findall(r"^run (.*)$", read(".ci/run"), re.M) == ["make check", "make test"]
    assert (ROOT / ".ci" / "run").stat().st_mode & 0o111 == 0o111
