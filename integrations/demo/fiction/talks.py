"""What the clients' people and their managers write to each other, and how the managers are reached."""

from dataclasses import dataclass
from datetime import time
from typing import Final


@dataclass(frozen=True, slots=True)
class WordsData:
    """One message: who wrote it, how many hours ago, a PDF beside it, whether it came as a letter."""

    author: str
    hours_ago: float
    text: str
    file: str = ""
    paper: tuple[str, ...] = ()
    is_letter: bool = False


@dataclass(frozen=True, slots=True)
class TalkData:
    """A talk begun by the author of its first message.

    `about` is "order" (his shipped one), "product" (what he is sold first) or "" for nothing certain. Who is
    named in `read_by` has read it to its end.
    """

    about: str
    words: tuple[WordsData, ...]
    kind: str = "question"
    is_closed: bool = False
    read_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CardData:
    """How a manager is reached; `away_days` from today on the substitute answers for him."""

    email: str
    direct_phone: str
    mobile_phone: str
    telegram: str = ""
    whatsapp: str = ""
    work_from: time = time(9)
    work_to: time = time(18)
    time_zone: str = "Europe/Moscow"
    answer_minutes: int = 60
    away_days: int = 0
    substitute: str = ""


_GORDEEVA: Final = "gordeeva@opora.example"
_LARIN: Final = "larin@opora.example"
_USMANOVA: Final = "usmanova@opora.example"

CARDS: Final = (
    CardData(_GORDEEVA, "+7 495 000-11-41", "+7 916 000-11-41", "opora_gordeeva", "+7 916 000-11-41"),
    CardData(
        _LARIN, "+7 495 000-11-42", "+7 916 000-11-42", answer_minutes=90, away_days=9, substitute=_USMANOVA
    ),
    CardData(_USMANOVA, "+7 495 000-11-43", "+7 916 000-11-43", "opora_usmanova", work_from=time(8)),
)

TALKS: Final = (
    TalkData(
        "order",
        (
            WordsData(
                "zaytsev@sever.example",
                50,
                "Добрый день! Этот заказ нужен на объекте в четверг до 10:00, иначе бригада простоит день."
                " Успеваете?",
            ),
            WordsData(
                _GORDEEVA,
                49.5,
                "Здравствуйте, Антон! Успеваем: склад соберёт завтра к вечеру, машина выйдет в 6:30,"
                " на объекте будет к девяти. Водитель позвонит за час.",
            ),
            WordsData(
                "zaytsev@sever.example",
                1,
                "Спасибо, разгрузку заказал на девять. Приложите, пожалуйста, паспорта качества – заказчик"
                " без них не принимает.",
            ),
        ),
        read_by=("zaytsev@sever.example",),
    ),
    TalkData(
        "product",
        (
            WordsData(
                "zaytsev@sever.example",
                30,
                "Какая цена будет на четыре упаковки сразу и на год с ежемесячной выборкой?",
            ),
            WordsData(
                _GORDEEVA,
                27,
                "На четыре упаковки минус 4 %, на годовой объём – минус 7 %. Расчёт во вложении,"
                " цены держим до конца следующей недели.",
                file="Расчёт на год.pdf",
                paper=(
                    "Расчёт цены на год",
                    "До 4 упаковок – цена договора.",
                    "От 4 упаковок за раз – минус 4 %.",
                    "Годовая выборка от 48 упаковок – минус 7 %, отгрузка раз в месяц.",
                    "Гордеева Анна Сергеевна, ООО «Опора Комплект»",
                ),
            ),
        ),
        kind="price",
        read_by=(_GORDEEVA,),
    ),
    TalkData(
        "",
        (
            WordsData(
                "orlov@sever.example",
                98,
                "Анна Сергеевна, в декабре берём два объекта сразу, лимита в 3 млн не хватит. Что нужно"
                " от нас, чтобы поднять его до 4 млн до конца января?",
            ),
        ),
        read_by=("orlov@sever.example",),
    ),
    TalkData(
        "",
        (
            WordsData("belova@sever.example", 170, "Куда отправлять подписанные УПД – в офис или на склад?"),
            WordsData(
                _GORDEEVA,
                169,
                "В офис: 142101, Подольск, Складская, 4, офис 301, бухгалтерии. Скан можно приложить"
                " в разделе «Комплект документов», тогда напоминания прекратятся сразу.",
            ),
            WordsData("belova@sever.example", 168, "Приложила, спасибо."),
        ),
        is_closed=True,
        read_by=("belova@sever.example", _GORDEEVA),
    ),
    TalkData(
        "",
        (
            WordsData(
                "nosova@stolica.example",
                2,
                "Перезвоните, пожалуйста, до обеда: на Каширском шоссе закрыли въезд для фур, надо"
                " поменять адрес выгрузки.",
            ),
        ),
        kind="call_back",
        read_by=("nosova@stolica.example",),
    ),
    TalkData(
        "",
        (
            WordsData(
                "zhdanov@stolica.example",
                76,
                "Нужен акт сверки за квартал, подписанный с вашей стороны.",
            ),
            WordsData(
                _GORDEEVA,
                74,
                "Вячеслав Петрович, акт лежит в разделе «Акты сверки», подпись и печать на месте."
                " Жду ваш экземпляр.",
            ),
            WordsData(
                "zhdanov@stolica.example",
                20,
                "Анна, добрый день!\n\nАкт подписали без расхождений, скан во вложении. Оригинал отдадим"
                " водителю со следующей машиной.\n\nЖданов",
                file="Акт с подписью.pdf",
                paper=(
                    "Акт сверки взаимных расчётов за квартал",
                    "Расхождений нет.",
                    "Технический директор _________________ Жданов В. П.",
                ),
                is_letter=True,
            ),
        ),
        read_by=("zhdanov@stolica.example",),
    ),
    TalkData(
        "order",
        (
            WordsData(
                "vyatkina@uralenergo.example",
                6,
                "Можно добавить в этот заказ ещё две упаковки, пока его не собрали?",
            ),
        ),
        read_by=("vyatkina@uralenergo.example",),
    ),
)
