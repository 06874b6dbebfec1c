"""The view of a report: its own SELECT, and around it what all have in common: rates, their intervals, suppression, what is incomplete.

The SELECT gives the columns of `by` and `figures`, `n`, and besides:

- `places` Array(String): the countries whose silent offices make the row incomplete;
- `unknown`: how many of what is counted don't say; a row with some is incomplete.

And where its header has `totals = true`: `total_of` String, a name for what the row is the total of, or ''; `whole` String, the name of the
total that it is part of, or ''; `within` String, parts that add up to one total together, or ''.

Its parameters are {corridor:String}, '' for all, and {since:Date32} and {until:Date32}, first and last day.
"""

from __future__ import annotations

from consumers.warehouse.reports import Rate, Report

LEAST = 10  # a figure of fewer is withheld (domain.md 4.5; k of 4.2 A12)
_Z = 1.959963984540054  # of a two-sided interval of 95 %
_FEW = f"ifNull({{few}}, 0) BETWEEN 1 AND {LEAST - 1}"
_OPEN = "guarded AS (SELECT *, false AS hidden FROM counted)"
_ALONE = f"guarded AS (SELECT *, {_FEW} AS hidden FROM counted)"  # noqa: S608  # constants alone
# Where a total less what is shown would tell the few, the next smallest is hidden too; and what adds up to a hidden total.
_BESIDE_TOTALS = f"""few AS (SELECT *, {_FEW} AS is_few FROM counted),
    beside AS
    (
        SELECT
            *, sumIf({{few}}, is_few) OVER (PARTITION BY within) AS few_n,
            row_number() OVER (PARTITION BY within, is_few OR ifNull({{few}}, 0) = 0 ORDER BY {{few}}, {{order}}) AS few_rank
        FROM few
    ),
    paired AS
    (
        SELECT
            *, is_few OR (within != '' AND few_n BETWEEN 1 AND {LEAST - 1} AND ifNull({{few}}, 0) > 0 AND few_rank = 1) AS is_hidden
        FROM beside
    ),
    guarded AS
    (
        SELECT *, is_hidden OR (max(is_hidden AND total_of != '') OVER (PARTITION BY if(total_of != '', total_of, whole))) AS hidden
        FROM paired
    )"""  # noqa: S608  # constants alone


def statement(report: Report) -> str:
    """CREATE OR REPLACE VIEW of it."""
    shown = [_column(report, name) for name in ("n", *report.figures)] + [_rate(report, each) for each in report.rates]
    unknown = " AND ".join(f"guarded.{each.numerator} IS NULL" for each in report.rates) or "false"
    told = _TOLD.format(least=LEAST, empty=f"guarded.n = 0 OR ({unknown})")
    guard = (_OPEN if report.public else _BESIDE_TOTALS if report.totals else _ALONE).format(order=report.order, few=report.few)
    return _VIEW.format(
        view=report.view, select=report.select, guard=guard, by=", ".join(report.by), shown=",\n    ".join(shown), told=told,
        keep=report.keep, order=report.order, comment=_quoted(comment(report)),
    )  # fmt: skip


_VIEW = """CREATE OR REPLACE VIEW {view} AS
WITH
    (SELECT groupArray((office, jurisdiction)) FROM silent_offices WHERE since < {{until:Date32}} + 1) AS silent,
    counted AS
    (
{select}
    ),
    {guard}
SELECT
    {by},
    {shown},
{told}
FROM guarded
WHERE {keep}
ORDER BY {order}
COMMENT '{comment}'"""
_TOLD = """    hidden AS suppressed,
    arraySort(arrayMap(each -> each.1, arrayFilter(each -> has(places, each.2), silent))) AS silent_offices,
    arrayStringConcat(arrayFilter(why -> why != '', [
        if(notEmpty(silent_offices), 'an office is silent', ''),
        multiIf(ifNull({empty}, false), 'nothing is known', guarded.n IS NULL, 'of how many is not known', ''),
        if(unknown > 0 AND NOT hidden,
            if(unknown < {least}, 'some do not say', concat(toString(unknown), ' do not say')), '')]), '; ') AS incomplete"""


def comment(report: Report) -> str:
    """What ClickHouse says of the view."""
    how = "(corridor = '', since = '1900-01-01', until = '2299-12-31')"
    return f"{report.id}, {report.title}. {report.says} n: {report.denominator}. Call it with {how}."


def call(report: Report) -> str:
    """A query of all rows, with the view's parameters as the query's own."""
    return f"SELECT * FROM {report.view}(corridor = {{corridor:String}}, since = {{since:Date32}}, until = {{until:Date32}})"  # noqa: S608


def _column(report: Report, name: str) -> str:
    rates = (each.denominator for each in report.rates if name in (each.numerator, each.denominator))
    hiding = _hiding(report, *rates, *((report.guards[name],) if name in report.guards else ()))
    return f"if({hiding}, NULL, guarded.{name}) AS {name}" if hiding else f"guarded.{name} AS {name}"


def _hiding(report: Report, *of: str) -> str:
    """When a figure is withheld: with its row, and where the column that it is of, or gives away, counts fewer than ten."""
    if report.public:
        return ""
    return " OR ".join(["hidden", *(f"ifNull(guarded.{name}, 0) BETWEEN 1 AND {LEAST - 1}" for name in sorted({*of} - {"n"}))])


def _rate(report: Report, rate: Rate) -> str:
    """A rate and the ends of its interval: NULL where it is hidden or is of nothing."""
    k, n = (f"toFloat64(guarded.{name})" for name in (rate.numerator, rate.denominator))
    low, high = _wilson(k, n) if rate.interval == "share" else _byar(k, n)
    ends = {rate.name: f"{k} / {n}", f"{rate.name}_low": low, f"{rate.name}_high": high}
    none = f"ifNull(guarded.{rate.denominator}, 0) = 0 OR guarded.{rate.numerator} IS NULL"
    empty = f"{_hiding(report, rate.denominator) or 'false'} OR {none}"
    return ",\n    ".join(f"if({empty}, NULL, {rate.per} * ({value})) AS {name}" for name, value in ends.items())


def _wilson(k: str, n: str) -> tuple[str, str]:
    """Wilson's score interval of a share: within 0 and 1 also where none or all are counted."""
    middle, reach = f"({k} + {_Z**2 / 2}) / ({n} + {_Z**2})", f"{_Z} / ({n} + {_Z**2}) * sqrt({k} * ({n} - {k}) / {n} + {_Z**2 / 4})"
    return f"greatest(0, {middle} - {reach})", f"least(1, {middle} + {reach})"


def _byar(k: str, n: str) -> tuple[str, str]:
    """Byar's approximation of the exact interval of a Poisson count, by what is exposed."""
    low = f"if({k} = 0, 0, {k} * pow(1 - 1 / (9 * {k}) - {_Z} / (3 * sqrt({k})), 3))"
    return f"{low} / {n}", f"({k} + 1) * pow(1 - 1 / (9 * ({k} + 1)) + {_Z} / (3 * sqrt({k} + 1)), 3) / {n}"


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace("'", "\\'")
