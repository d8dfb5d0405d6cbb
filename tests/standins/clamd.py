"""A stand-in of clamd: speaks INSTREAM, and answers as it is told to."""

import socket
import struct
import threading
from types import TracebackType
from typing import Self


class Clamd:
    """Listens on a port of this machine; `answer` None cuts the talk, `wait` seconds pass before it."""

    def __init__(self, answer: str | None, *, wait: float = 0.0) -> None:
        self._answer = answer
        self._wait = wait
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self.received: list[bytes] = []

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self._socket.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(5)

    def _serve(self) -> None:
        while not self._over.is_set():
            try:
                wire, _address = self._socket.accept()
            except OSError:
                return
            with wire:
                self._talk(wire)

    def _talk(self, wire: socket.socket) -> None:
        stream = wire.makefile("rb")
        if stream.read(10) != b"zINSTREAM\0":
            return
        content = b""
        while size := struct.unpack("!I", stream.read(4))[0]:
            content += stream.read(size)
        self.received.append(content)
        self._over.wait(self._wait)
        if self._answer is not None:
            try:
                wire.sendall(self._answer.encode() + b"\0")
            except OSError:
                return
