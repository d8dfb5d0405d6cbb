"""Reads of accounts."""

from accounts.selectors.sessions import SessionRow, session_rows

__all__ = ["SessionRow", "session_rows"]
