"""Deadlines of steps: when one is due, and by when an alert is to be answered. Strict: what is done at the due instant is in time."""

from __future__ import annotations

from datetime import timedelta

from streams.domain.instants import (
    DAY,
    HOUR,
    Instant,
    days_after,
    end_of_day,
    local_day,
)

# domain.md 5: P1 within 24 h, P2 within 72 h, P3 within ten working days, which are two weeks of the calendar.
_ANSWER = {"P1": 24 * HOUR, "P2": 72 * HOUR, "P3": 14 * DAY}
_WEEKDAYS = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")


def due_after(start: Instant, days: int, country: str) -> Instant:
    """The last instant at which a step is in time: `days` of 24 hours after `start`; 0 days is the end of the local day."""
    if days == 0:
        return end_of_day(local_day(start, country).isoformat(), country) - 1
    return days_after(start, days)


def working_days_after(start: Instant, days: int, weekend: tuple[str, ...], country: str) -> Instant:
    """`start` when `days` is 0, else the end of the last local day of so many working days after it.

    `weekend` are days such as ("FR", "SA"). Public holidays are not known, so a deadline may lie a day or two early.
    """
    if days == 0:
        return start
    day = local_day(start, country)
    while days:
        day += timedelta(days=1)
        days -= _WEEKDAYS[day.weekday()] not in weekend
    return end_of_day(day.isoformat(), country) - 1


def answer_by(since: Instant, severity: str) -> Instant:
    """By when the next step on a finding is due, from when it began."""
    return since + _ANSWER[severity]

