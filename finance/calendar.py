"""Days off by law (ст. 112 ТК РФ) and by the government's decree on moved days."""

from datetime import date, timedelta

_NEW_YEAR = "Новогодние каникулы"
_MOVED = "Перенос выходного"


def _new_year(year: int) -> dict[date, str]:
    return {date(year, 1, 1) + timedelta(days=number): _NEW_YEAR for number in range(8)}


DAYS_OFF: dict[date, str] = {
    # 2026, with the decree of 24.09.2025.
    **_new_year(2026),
    date(2026, 1, 9): _MOVED,  # from 3 January, a Saturday
    date(2026, 2, 23): "День защитника Отечества",
    date(2026, 3, 9): "Международный женский день",  # the 8th is a Sunday
    date(2026, 5, 1): "Праздник Весны и Труда",
    date(2026, 5, 11): "День Победы",  # the 9th is a Saturday
    date(2026, 6, 12): "День России",
    date(2026, 11, 4): "День народного единства",
    date(2026, 12, 31): _MOVED,  # from 4 January, a Sunday
    # 2027: the law alone. Days moved by the decree are added by hand.
    **_new_year(2027),
    date(2027, 2, 23): "День защитника Отечества",
    date(2027, 3, 8): "Международный женский день",
    date(2027, 5, 3): "Праздник Весны и Труда",  # the 1st is a Saturday
    date(2027, 5, 10): "День Победы",  # the 9th is a Sunday
    date(2027, 6, 14): "День России",  # the 12th is a Saturday
    date(2027, 11, 4): "День народного единства",
}
