"""How 1C reads the plain-text answers: by line, the first word decides."""

from dataclasses import dataclass

from integrations.onec.client.dialects import Dialect

SUCCESS, PROGRESS, FAILURE = "success", "progress", "failure"


class AnswerError(Exception):
    """1C cannot go on with this answer; the text says why, in Russian."""


@dataclass(frozen=True, slots=True)
class SessionKey:
    """What checkauth handed over: 1C makes its cookie from the body, not from Set-Cookie."""

    cookie_name: str
    cookie_value: str
    sessid: str

    @property
    def cookie(self) -> str:
        return f"{self.cookie_name}={self.cookie_value}"


@dataclass(frozen=True, slots=True)
class Limits:
    """Answer to init; `file_limit` in bytes per POST, -1 when files go whole."""

    zip: bool
    file_limit: int


NO_LIMITS = Limits(zip=False, file_limit=-1)


def first_word(text: str) -> str:
    """First line, trimmed and in lower case; a BOM stays in it and spoils it, as in 1C."""
    return text.split("\n", 1)[0].strip().lower()


def read_check_auth(text: str) -> SessionKey:
    """Take cookie and sessid from lines 2-4; an absent line 4 leaves sessid empty but present."""
    if first_word(text) != SUCCESS:
        raise AnswerError(f"Авторизация не выполнена, проверьте имя и пароль: {excerpt(text)}")
    lines = [line.strip() for line in text.split("\n")]
    if len(lines) < 3 or not lines[1] or not lines[2]:
        raise AnswerError("Авторизация не выполнена: во 2-й и 3-й строках нет имени и значения cookie")
    sessid = lines[3].replace("sessid=", "") if len(lines) > 3 else ""
    return SessionKey(cookie_name=lines[1], cookie_value=lines[2], sessid=sessid)


def read_init(text: str, dialect: Dialect) -> Limits:
    """Read `zip=` and `file_limit=`; UT counts lines, so even an empty third one is an error."""
    lines = [line.strip() for line in text.split("\n")]
    if first_word(text) == FAILURE:
        raise AnswerError(f"Сайт не начал обмен: {excerpt(text)}")
    if dialect.exact_init:
        if len(lines) != 2:
            raise AnswerError(f"В ответе на init должно быть ровно 2 строки, получено {len(lines)}")
        if not lines[0].startswith("zip=") or not lines[1].startswith("file_limit="):
            raise AnswerError(f"Ответ на init не разобран: {excerpt(text)}")
    values = dict(line.split("=", 1) for line in lines if "=" in line)
    if not values:
        raise AnswerError(f"Ответ на init не разобран: {excerpt(text)}")
    limit = values.get("file_limit", "")
    return Limits(
        zip=values.get("zip", "").lower() == "yes",
        file_limit=int(limit) if limit.isascii() and limit.isdecimal() and int(limit) > 0 else -1,
    )


def check_file(text: str) -> None:
    """Only `success` lets the upload go on."""
    word = first_word(text)
    if word == FAILURE:
        raise AnswerError(f"Сайт не принял файл: {excerpt(text)}")
    if word != SUCCESS:
        raise AnswerError(f"Неизвестный статус загрузки файла: {excerpt(text)}")


def check_import(text: str) -> bool:
    """Tell whether the import is over; False means `progress`, ask again."""
    word = first_word(text)
    if word == FAILURE:
        raise AnswerError(f"Сайт не загрузил файл: {excerpt(text)}")
    if word not in {SUCCESS, PROGRESS}:
        raise AnswerError(f"Неизвестный статус загрузки данных: {excerpt(text)}")
    return word == SUCCESS


def check_confirmation(text: str) -> None:
    """`success` of the order exchange: any words but `failure` will do."""
    if not text.strip():
        raise AnswerError("Сайт ничего не ответил на подтверждение заказов")
    if text.startswith(FAILURE):
        raise AnswerError(f"Сайт не принял подтверждение заказов: {excerpt(text)}")


def excerpt(text: str, length: int = 300) -> str:
    """One short line of an answer for reports; an empty answer is named so."""
    line = " ".join(text.split())
    if not line:
        return "(пустой ответ)"
    return line if len(line) <= length else f"{line[:length]}…"
