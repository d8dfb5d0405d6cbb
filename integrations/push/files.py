"""Bytes of a paper made sure of: how many, their hash, what they are."""

import base64
import binascii
import hashlib

from integrations.push.items.documents import DocumentFile
from portal.files.papers import paper_mime


class FileRefused(Exception):
    """Why a file is not taken, in Russian."""


def file_decoded(file: DocumentFile) -> bytes:
    """The bytes that came inside the item. Raises FileRefused."""
    try:
        return base64.b64decode("".join((file.content_base64 or "").split()), validate=True)
    except (binascii.Error, ValueError):
        raise FileRefused("content_base64: это не Base64") from None


def content_mime(content: bytes, *, size: int, sha256: str) -> str:
    """Tell what the bytes are. Raises FileRefused where they are not those that were announced."""
    if len(content) != size:
        raise FileRefused(f"размер файла {len(content)}, а в документе указано {size}")
    if hashlib.sha256(content).hexdigest() != sha256:
        raise FileRefused("SHA-256 файла не совпадает с указанным")
    mime = paper_mime(content)
    if mime is None:
        raise FileRefused("файл не PDF, XML, XLSX, JPEG, PNG и не ZIP")
    return mime
