"""Sign-in of a 1C base and the conversation that follows."""

from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.contrib.auth.hashers import make_password

from accounts.limiter import Entry, Guess, TooManyGuesses, guess_return, guess_take
from integrations.models import ExchangeNode, ExchangeSession, SessionKind
from integrations.onec.credentials import Credentials
from integrations.onec.folder import SessionFolder
from integrations.onec.refusal import ExchangeRefusal

IDLE_LIMIT = timedelta(days=1)
_SEEN_STEP = timedelta(seconds=5)  # `seen_at` is not worth a write with each of a thousand polls

_WRONG = "Неверное имя пользователя или пароль обмена"
_TOO_MANY = "Слишком много неверных паролей, повторите через несколько минут"
_NO_SESSION = "Сессия не найдена или устарела, начните обмен заново"


def session_open(*, credentials: Credentials, kind: SessionKind, ip: str, at: datetime) -> ExchangeSession:
    """Sign a base in. 1C tries this before every exchange, so nothing but the session's row is made.

    Raises ExchangeRefusal.
    """
    node = ExchangeNode.objects.filter(username=credentials.username, is_active=True).first()
    guess = _guess(credentials.username, node, ip, at)
    if node is None:
        make_password(credentials.password)  # an unknown name takes as long as a wrong password
    if node is None or not (_is_familiar(node, credentials, at) or node.check_password(credentials.password)):
        raise ExchangeRefusal(_WRONG)
    guess_return(guess)
    session = ExchangeSession(node=node, kind=kind, ip=ip or None, started_at=at, seen_at=at)
    session.credential = credentials.sealed(token=session.token.hex, password_hash=node.password)
    session.save(force_insert=True)
    return session


def _is_familiar(node: ExchangeNode, credentials: Credentials, at: datetime) -> bool:
    """Did the last session begin with the very same? UT signs in for each of 250 portions."""
    last = ExchangeSession.objects.filter(node=node, seen_at__gt=at - IDLE_LIMIT).order_by("-pk").first()
    return last is not None and credentials.match(
        last.credential, token=last.token.hex, password_hash=node.password
    )


def session_resume(*, credentials: Credentials, token: str, at: datetime) -> ExchangeSession:
    """Find the session that a later request belongs to. Raises ExchangeRefusal."""
    try:
        sessions = ExchangeSession.objects.select_related("node").filter(token=UUID(token))
    except ValueError:
        raise ExchangeRefusal(_NO_SESSION) from None
    session = sessions.filter(node__is_active=True, is_tidied=False, seen_at__gt=at - IDLE_LIMIT).first()
    if session is None:
        raise ExchangeRefusal(_NO_SESSION)
    if not credentials.match(
        session.credential, token=session.token.hex, password_hash=session.node.password
    ):
        raise ExchangeRefusal(_WRONG)
    if at - session.seen_at > _SEEN_STEP:
        session.seen_at = at
        session.save(update_fields=["seen_at"])
    return session


def session_start(*, session: ExchangeSession) -> tuple[bool, int]:
    """Give the session its private folder; tell whether archives are wanted and the bytes per portion.

    Asked a second time, it forgets what has been uploaded: the next portion of any name starts anew.
    """
    SessionFolder(session.token).prepare()
    session.files.filter(is_closed=False).update(is_closed=True)
    return session.node.is_zip_accepted, settings.EXCHANGE_FILE_LIMIT


def _guess(username: str, node: ExchangeNode | None, ip: str, at: datetime) -> Guess:
    """Count a try. An address that the base has exchanged from has a count of its own.

    So strangers who guess cannot stop the exchange. Raises ExchangeRefusal.
    """
    is_known = node is not None and ExchangeSession.objects.filter(node=node, ip=ip or None).exists()
    try:
        return guess_take(entry=Entry.EXCHANGE, account=username, ip=ip, at=at, device=ip if is_known else "")
    except TooManyGuesses:
        raise ExchangeRefusal(_TOO_MANY) from None
