"""The query string as 1C writes it: values raw, in UTF-8 or windows-1251, a plus means a plus."""

from urllib.parse import unquote_to_bytes

from django.http import HttpRequest


def query_parameters(request: HttpRequest) -> dict[str, str]:
    """Read the parameters; the first of equal names counts, unknown ones do no harm."""
    raw = str(request.META.get("QUERY_STRING", "")).encode("iso-8859-1", errors="replace")
    parameters: dict[str, str] = {}
    for part in raw.split(b"&"):
        name, _, value = part.partition(b"=")
        parameters.setdefault(_text(name), _text(value))
    return parameters


def _text(value: bytes) -> str:
    plain = unquote_to_bytes(value)
    try:
        return plain.decode("utf-8")
    except UnicodeDecodeError:
        return plain.decode("windows-1251", errors="replace")
