"""The page that documents every report, `consumers/warehouse/reports.md`: `python -m consumers.warehouse.reports.page` writes it anew."""

from __future__ import annotations

from collections.abc import Iterator

from consumers.warehouse.reports import FOLDER, Report, reports

PATH = FOLDER.parent / "reports.md"
_HEAD = """# The reports

`fairpassage report` lists them, and reads one by its name:

```sh
fairpassage report R-RCI --corridor NP-QA --since 2025-01-01
fairpassage report R-FUNNEL --until 2025-12-31 --format csv > funnel.csv
fairpassage report R-COV --format parquet --out coverage.parquet
```

Each is a view with three parameters, for any ClickHouse client:

```sql
SELECT * FROM report_rci(corridor = 'NP-QA', since = '2025-01-01', until = '2025-12-31');
```

- **n** is the denominator, and always shown. A rate has its 95 % interval: Wilson's for a share, Byar's for happenings per so many exposed.
- **suppressed.** A row of which n is 1 to 9 is there without figures, and so is a rate of 1 to 9. Where rows add up to a shown total and
  the few could be had by subtraction, the next smallest row is withheld as well, and what adds up to it. Figures that were asked for over
  other days, or in other reports, may still give a few away when they are subtracted: publish one set of them.
- **incomplete** says why a row is no whole picture: an office of one of its countries is silent now (an open T-OFF-01; `silent_offices`),
  so many records do not say, or nothing is known. Unknown is null, and never zero.
- **Corrected, retracted and erased events** are in no figure. A report as of an earlier day still reads what is known today.

Each is defined by one file in `reports/`: a header that says what it is, and the SELECT that counts. `fairpassage migrate` makes its view
anew whenever the file has changed. This page is made of them: `python -m consumers.warehouse.reports.page`.
"""


def page() -> str:
    """The page as it should read."""
    watched = {name: [each.id for each in reports() if name in each.recommendations]
               for name in [f"A{n}" for n in range(1, 13)] + [f"B{n}" for n in range(1, 17)]}  # fmt: skip
    lines = [_HEAD, "## Which report watches which recommendation", "", "| recommendation | reports |", "|---|---|"]
    lines += [f"| {name} | {', '.join(found)} |" for name, found in watched.items() if found]
    return "\n".join([*lines, *(line for each in reports() for line in _section(each))]) + "\n"


def _section(report: Report) -> Iterator[str]:
    yield from ("", f"## {report.id}: {report.title}", "")
    yield from (f"View `{report.view}`. Watches {', '.join(report.recommendations)}. {report.says}", "")
    yield from ("| column | what it is |", "|---|---|")
    rates = {each.name: each for each in report.rates}
    for name, says in report.columns.items():
        if name in rates:
            yield f"| `{name}`, `{name}_low`, `{name}_high` | {says}, and its 95 % interval |"
        elif name not in ("suppressed", "silent_offices", "incomplete") and not name.endswith(("_low", "_high")):
            yield f"| `{name}` | {says} |"
    yield ""
    yield from (f"- {caveat}" for caveat in report.caveats)
    if report.public:
        yield "- Nothing is withheld: it counts acts of states and organisations, no people."


if __name__ == "__main__":
    PATH.write_text(page(), "utf-8")
