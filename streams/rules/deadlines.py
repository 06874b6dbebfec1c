"""Deadlines of steps: when one is due, and by when an alert is to be answered. Strict: what is done at the due instant is in time."""

from __future__ import annotations

from streams.domain.calendars import is_working_day, working_day_after
from streams.domain.instants import (
    DAY,
    HOUR,
    Instant,
    days_after,
    end_of_day,
    local_day,
    months_after,
    start_of_day,
)

_ANSWER = {"P1": 24 * HOUR, "P2": 72 * HOUR}  # domain.md 5
_ANSWER_WORKING_DAYS = 10  # P3
_TWO_WEEKS = 14 * DAY  # the same, where nobody knows in which country they sit who are to answer


def due_after(start: Instant, days: int, country: str) -> Instant:
    """The last instant at which a step is in time: `days` of 24 hours after `start`; 0 days is the end of the local day."""
    if days == 0:
        return end_of_day(local_day(start, country).isoformat(), country) - 1
    return days_after(start, days)


def due_after_months(start: Instant, months: int, country: str) -> Instant:
    """The last instant of the local day so many calendar months after the day of `start`; in a month without it, of its last day."""
    return end_of_day(months_after(local_day(start, country), months).isoformat(), country) - 1


def working_days_after(start: Instant, days: int, weekend: tuple[str, ...], country: str) -> Instant:
    """`start` when `days` is 0, else the end of the last local day of so many working days after the day of `start`.

    Working days are without the weekend and the public holidays of `country` (ISO2). `weekend` are days such as ("FR", "SA"),
    () for the country's own as it was on each day. Holidays by the moon may be a day off (`domain/calendars.py`).
    """
    if days == 0:
        return start
    last = working_day_after(local_day(start, country), days, country, weekend)
    return end_of_day(last.isoformat(), country) - 1


def working_time_after(start: Instant, span: Instant, weekend: tuple[str, ...], country: str) -> Instant:
    """`span` (milliseconds) after `start`, where days of rest and holidays of `country` do not count.

    24 hours from noon on the last day before a weekend end at noon on the first day after it; from within the weekend they
    are the first working day. `weekend` as in `working_days_after`.
    """
    day, left, at = local_day(start, country), span, start
    while True:
        after = end_of_day(day.isoformat(), country)
        if is_working_day(day, country, weekend):
            if at + left <= after:
                return at + left
            left -= after - at
        day = working_day_after(day, 1, country, weekend)
        at = start_of_day(day.isoformat(), country)


def answer_by(since: Instant, severity: str, country: str = "") -> Instant:
    """By when the next step on a finding is due, from when it began: P1 in 24 h, P2 in 72 h, P3 in ten working days.

    `country` (ISO2) is where those sit who are to take it: an embassy and an inspectorate at destination, a satellite office
    at origin, a licensing authority where its register is. Without it, ten working days are two weeks of the calendar.
    """
    if severity in _ANSWER:
        return since + _ANSWER[severity]
    return working_days_after(since, _ANSWER_WORKING_DAYS, (), country) if country else since + _TWO_WEEKS
