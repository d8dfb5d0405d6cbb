"""A stand-in of an IMAP server: enough of the protocol to hand out letters, and how it fails."""

import re
import socket
import threading
from types import TracebackType
from typing import BinaryIO, Self


class Imap:
    """Listens on a port of this machine. `letters` are by uid; `seen` are those that were marked.

    `fault`: "cut" ends the talk in the middle of a letter, "twice" forgets what was marked, "garbage" answers
    nonsense, "no" refuses the sign-in, "slow" waits before the first word.
    `gone` are letters that are told of and not given.
    """

    def __init__(
        self,
        letters: dict[int, bytes],
        *,
        fault: str = "",
        sizes: dict[int, int] | None = None,
        gone: set[int] | None = None,
    ) -> None:
        self.letters, self.fault, self.sizes = letters, fault, sizes or {}
        self.gone = gone or set()
        self.seen: set[int] = set()
        self.signed_in: list[str] = []
        self._over = threading.Event()
        self._socket = socket.create_server(("127.0.0.1", 0))
        self._thread = threading.Thread(target=self._serve, daemon=True)

    @property
    def url(self) -> str:
        return f"imap://portal:se%40cret@127.0.0.1:{self._socket.getsockname()[1]}/INBOX"

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
            with wire, wire.makefile("rb") as stream:
                try:
                    self._talk(wire, stream)
                except OSError:
                    continue

    def _talk(self, wire: socket.socket, stream: BinaryIO) -> None:
        if self.fault == "slow":
            self._over.wait(3)
        wire.sendall(b"* OK ready\r\n" if self.fault != "garbage" else b"\x00\xff HTTP/1.1 200\r\n")
        while line := stream.readline():
            tag, _space, rest = line.strip().partition(b" ")
            command = rest.upper()
            if command.startswith(b"LOGOUT"):
                wire.sendall(b"* BYE\r\n" + tag + b" OK\r\n")
                return
            if not self._answered(wire, command, rest):
                return
            is_no = self.fault == "no" and command.startswith(b"LOGIN")
            wire.sendall(tag + (b" NO wrong\r\n" if is_no else b" OK done\r\n"))

    def _answered(self, wire: socket.socket, command: bytes, rest: bytes) -> bool:
        if command.startswith(b"CAPABILITY"):
            wire.sendall(b"* CAPABILITY IMAP4rev1\r\n")
        elif command.startswith(b"LOGIN"):
            self.signed_in.append(rest.decode())
        elif command.startswith(b"SELECT"):
            wire.sendall(b"* %d EXISTS\r\n" % len(self.letters))
        elif command.startswith(b"UID SEARCH"):
            left = [uid for uid in self.letters if self.fault == "twice" or uid not in self.seen]
            wire.sendall(b"* SEARCH " + b" ".join(b"%d" % uid for uid in left) + b"\r\n")
        elif found := re.match(rb"UID FETCH (\d+) \((RFC822\.SIZE|BODY\.PEEK\[\])\)", command):
            return self._letter(wire, int(found[1]), is_size=found[2] == b"RFC822.SIZE")
        elif found := re.match(rb"UID STORE (\d+) ", command):
            self.seen.add(int(found[1]))
            wire.sendall(b"* %d FETCH (FLAGS (\\Seen))\r\n" % int(found[1]))
        return True

    def _letter(self, wire: socket.socket, uid: int, *, is_size: bool) -> bool:
        if uid in self.gone:
            return True
        raw = self.letters[uid]
        if is_size:
            wire.sendall(
                b"* %d FETCH (UID %d RFC822.SIZE %d)\r\n" % (uid, uid, self.sizes.get(uid, len(raw)))
            )
            return True
        wire.sendall(b"* %d FETCH (UID %d BODY[] {%d}\r\n" % (uid, uid, len(raw)))
        if self.fault == "cut":
            wire.sendall(raw[: len(raw) // 2])
            return False
        wire.sendall(raw + b")\r\n")
        return True
