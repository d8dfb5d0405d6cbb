"""A receiver of the portal's messages: checks signatures, keeps what it took, fails as it is told to."""

import json
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from integrations.crm.signing import DELIVERY, SIGNATURE, TIMESTAMP, is_signed
from tests.standins.serving import Faults, Reply, serving


@dataclass
class Receiver:
    """`taken` are messages by their id, as a careful receiver keeps them; `arrivals` all requests."""

    url: str = ""
    secret: str = ""
    faults: Faults = field(default_factory=Faults)
    retry_after: str = ""
    slow_seconds: float = 1.0
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    arrivals: list[str] = field(default_factory=list)
    unsigned: int = 0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, _method: str, _path: str, headers: Mapping[str, str], body: bytes) -> Reply:
        fault = self.faults.take()
        number = headers[DELIVERY]
        with self.lock:
            self.arrivals.append(number)
            if not is_signed(self.secret, timestamp=headers[TIMESTAMP], body=body, told=headers[SIGNATURE]):
                self.unsigned += 1
                return Reply(401)
            if fault == "cut":
                return Reply(0)
            if fault.isdigit() and not fault.startswith("2"):
                told = {"Retry-After": self.retry_after} if self.retry_after else {}
                return Reply(int(fault), b'{"error": "fault"}', told)
            self.taken.setdefault(number, json.loads(body))
        if fault == "slow":
            time.sleep(self.slow_seconds)
        return Reply(0) if fault == "lost" else Reply(int(fault) if fault.isdigit() else 200, b"ok")


@contextmanager
def receiver() -> Iterator[Receiver]:
    told = Receiver()
    with serving(told.answer) as address:
        told.url = f"{address}/hook"
        yield told
