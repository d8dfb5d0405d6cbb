"""A mailbox over IMAP: unseen letters one by one, each marked as seen once it is dealt with."""

import imaplib
import re
import ssl
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Protocol, Self
from urllib.parse import unquote, urlsplit

import structlog

from integrations.mailbox.letters import MOST_BYTES

_SIZE = re.compile(rb"RFC822\.SIZE (\d{1,12})")
_WIRE_FAULTS = (imaplib.IMAP4.error, OSError, EOFError)
_ANSWER_FAULTS = (ValueError, IndexError, TypeError)
_FAULTS = (*_WIRE_FAULTS, *_ANSWER_FAULTS)


log = structlog.get_logger(__name__)


class MailboxFault(Exception):
    """The mailbox does not answer, or says what cannot be understood; letters stay unseen."""


@dataclass(frozen=True, slots=True)
class Fetched:
    """A letter as it lies there; `raw` is None where it is too large to be fetched."""

    uid: str
    raw: bytes | None


class Mailbox(Protocol):
    """Where letters lie until they are dealt with."""

    def letters(self) -> Iterator[Fetched]:
        """Those that nobody has dealt with, the oldest first; one is fetched as it is asked for.

        Raises MailboxFault.
        """
        ...

    def done(self, uid: str) -> None:
        """Do not give the letter again. Raises MailboxFault."""
        ...


class ImapMailbox:
    """`imaps://name:password@host:993/INBOX`; plain `imap://` is for a server on the same machine."""

    def __init__(self, url: str, *, seconds: float = 20.0) -> None:
        self._url = urlsplit(url)
        self._seconds = seconds
        self._wire: imaplib.IMAP4 | None = None

    def __enter__(self) -> Self:
        try:
            self._wire = self._connected()
            self._wire.login(unquote(self._url.username or ""), unquote(self._url.password or ""))
            folder = unquote(self._url.path.lstrip("/")) or "INBOX"
            self._told(self._wire.select(f'"{folder}"'))
        except _FAULTS as fault:
            self._closed()
            raise MailboxFault(type(fault).__name__) from fault
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed()

    def letters(self) -> Iterator[Fetched]:
        for uid in self._unseen():
            try:
                yield self._fetched(uid)
            except _ANSWER_FAULTS as fault:  # gone meanwhile, or the server cannot give this one
                log.warning("letter_not_given", uid=uid, reason=str(fault))

    def done(self, uid: str) -> None:
        try:
            self._told(self._open().uid("STORE", uid, "+FLAGS.SILENT", r"(\Seen)"))
        except _FAULTS as fault:
            raise MailboxFault(type(fault).__name__) from fault

    def _unseen(self) -> list[str]:
        try:
            (found, *_rest) = self._told(self._open().uid("SEARCH", "UNSEEN"))
            uids = found.split() if isinstance(found, bytes) else []
            return sorted((uid.decode("ascii") for uid in uids if uid.isdigit()), key=int)
        except _FAULTS as fault:
            raise MailboxFault(type(fault).__name__) from fault

    def _fetched(self, uid: str) -> Fetched:
        try:
            (head, *_rest) = self._told(self._open().uid("FETCH", uid, "(RFC822.SIZE)"))
            size = _SIZE.search(head if isinstance(head, bytes) else b"")
            if size is None:
                raise ValueError("no size")
            if int(size[1]) > MOST_BYTES:
                return Fetched(uid, None)
            parts = self._told(self._open().uid("FETCH", uid, "(BODY.PEEK[])"))
            raw = next((one[1] for one in parts if isinstance(one, tuple)), None)
            if not isinstance(raw, bytes):
                raise ValueError("no letter")
            return Fetched(uid, raw)
        except _WIRE_FAULTS as fault:
            raise MailboxFault(type(fault).__name__) from fault

    def _connected(self) -> imaplib.IMAP4:
        host = self._url.hostname or ""
        if self._url.scheme == "imaps":
            return imaplib.IMAP4_SSL(
                host,
                self._url.port or 993,
                ssl_context=ssl.create_default_context(),
                timeout=self._seconds,
            )
        return imaplib.IMAP4(host, self._url.port or 143, timeout=self._seconds)

    def _open(self) -> imaplib.IMAP4:
        if self._wire is None:
            raise ValueError("not connected")
        return self._wire

    @staticmethod
    def _told(answer: tuple[str, list[Any]]) -> list[Any]:
        word, told = answer
        if word != "OK" or not told:
            raise ValueError(word)
        return told

    def _closed(self) -> None:
        wire, self._wire = self._wire, None
        if wire is not None:
            with suppress(*_FAULTS):
                wire.logout()
            with suppress(*_FAULTS):  # a talk that was cut is not closed by a farewell
                wire.shutdown()
