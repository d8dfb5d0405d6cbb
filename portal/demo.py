"""The portal with a demonstration company: `python -m portal.demo --port 8123`.

Migrates, starts all processes, lets the simulated 1C send the company's goods over HTTP, prints where to go
and whom to sign in as. A second start finds the data in place.
"""

import argparse
import http.client
import os
import socket
import sys
from collections.abc import Callable

from portal.processes import ProcessGroup, start_background, start_web

HOST = "127.0.0.1"


def main(arguments: list[str]) -> int:
    """Run the demonstration until Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m portal.demo", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    port: int = parser.parse_args(arguments).port
    if port_is_taken(port):
        sys.stderr.write(f"demo: port {port} is taken; choose another: make demo PORT={port + 1}\n")
        return 1
    cashier = free_port()
    with ProcessGroup(demo_environment(port, cashier=cashier), sys.stdout) as group:
        notify = f"http://{HOST}:{port}/pay/yookassa/"
        server = ["-m", "integrations.demo.cashier", "--port", str(cashier), "--notify", notify]
        group.start("cashier", [sys.executable, *server])
        return run(group, port)


def run(group: ProcessGroup, port: int) -> int:
    """Take the steps in order; each may end the demonstration with its code."""
    address = f"http://{HOST}:{port}"
    manage = [sys.executable, "manage.py"]

    def done(name: str, *words: str) -> Callable[[], bool]:
        child = group.start(name, [*manage, *words], passing=True)
        return lambda: child.code == 0 and not child.reader.is_alive()

    migrated = done("migrate", "migrate", "--no-input", "--verbosity", "0", "--skip-checks")
    start_web(group, host=HOST, port=port)  # it loads meanwhile; /readyz tells of missing migrations
    code = group.wait(until=migrated)
    if code is None:
        start_background(group)
        code = group.wait(until=lambda: is_ready(port), pause=0.3)
    if code is None:
        code = group.wait(until=done("demo", "demo_load", "--base-url", address, "--skip-checks"))
    if code is None:
        group.say(f"ready: {address} (Ctrl-C ends it)")
        code = group.wait()
    return code or 0


def demo_environment(port: int, *, cashier: int) -> dict[str, str]:
    """Return our environment with what the demonstration sets for itself: paying works, at a stand-in."""
    hosts = ",".join(filter(None, [os.environ.get("ALLOWED_HOSTS"), HOST, "localhost"]))
    own = {"ENVIRONMENT": "demo", "ALLOWED_HOSTS": hosts, "SITE_URL": f"http://{HOST}:{port}"}
    paying = {
        "YOOKASSA_SHOP_ID": "100500",
        "YOOKASSA_SECRET_KEY": "test_secret",
        "YOOKASSA_URL": f"http://{HOST}:{cashier}/v3",
        "YOOKASSA_NETWORKS": HOST,
        "PORTAL_POSTS_PAYMENTS": "true",
    }
    return {**os.environ, **own, **paying}


def is_ready(port: int) -> bool:
    """Ask the readiness probe."""
    connection = http.client.HTTPConnection(HOST, port, timeout=5)
    try:
        connection.request("GET", "/readyz")
        return connection.getresponse().status == http.HTTPStatus.OK
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def free_port() -> int:
    """Find a port that nobody listens at."""
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port: int = probe.getsockname()[1]
        return port


def port_is_taken(port: int) -> bool:
    """Tell whether somebody listens there already."""
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
