"""The signature of outgoing messages, and how a receiver checks it."""

import hmac
from hashlib import sha256

EVENT, DELIVERY = "X-Portal-Event", "X-Portal-Delivery"
TIMESTAMP, SIGNATURE = "X-Portal-Timestamp", "X-Portal-Signature"
_SCHEME = "v1="


def signature(secret: str, *, timestamp: str, body: bytes) -> str:
    """Sign the moment (seconds since 1970 as text) and the body: `v1=` and hexadecimal HMAC-SHA256."""
    return _SCHEME + hmac.new(secret.encode(), timestamp.encode() + b"." + body, sha256).hexdigest()


def is_signed(secret: str, *, timestamp: str, body: bytes, told: str) -> bool:
    """Check a signature in constant time; the receiver also looks that the moment is a recent one."""
    return hmac.compare_digest(signature(secret, timestamp=timestamp, body=body).encode(), told.encode())
