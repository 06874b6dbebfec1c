"""Made-up disclosure files, stored as the sink would; and what one employer's spellings are, told a second time."""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterable, Mapping
from pathlib import Path

from consumers.warehouse.store import Warehouse
from streams.publishers.oflc.cells import name_key
from streams.publishers.oflc.importing import FileReport, events
from streams.publishers.reading import event
from tests.support.filling import KEY, store_events

_NOW = 1_800_000_000_000
_APPLICATION = {
    "CASE_NO": "C-11300-00001", "CASE_STATUS": "Certified - Full", "VISA_CLASS": "H-2A", "CASE_RECEIVED_DATE": "2011-10-28",
    "DECISION_DATE": "2011-12-01", "CERTIFICATION_BEGIN_DATE": "2012-02-01", "CERTIFICATION_END_DATE": "2012-10-31",
    "EMPLOYER_NAME": "Green Farm", "EMPLOYER_ADDRESS1": "1 Road", "EMPLOYER_CITY": "Reno", "EMPLOYER_STATE": "NV",
    "AGENT_ATTORNEY_NAME": "", "NBR_WORKERS_REQUESTED": "10", "NBR_WORKERS_CERTIFIED": "8", "PRIMARY/SUB": "PRI",
}  # fmt: skip
_DEBARMENT = {"Program": "H-2A", "Entity Debarred": "Green Farm", "City": "Reno", "State": "NV", "Start Date": "2011-01-10",
              "End Date": "2012-01-10"}  # fmt: skip
_SHORT = {
    "case": "CASE_NO", "status": "CASE_STATUS", "visa": "VISA_CLASS", "decided": "DECISION_DATE", "begin": "CERTIFICATION_BEGIN_DATE",
    "end": "CERTIFICATION_END_DATE", "employer": "EMPLOYER_NAME", "address": "EMPLOYER_ADDRESS1", "city": "EMPLOYER_CITY",
    "state": "EMPLOYER_STATE", "agent": "AGENT_ATTORNEY_NAME", "requested": "NBR_WORKERS_REQUESTED",
    "certified": "NBR_WORKERS_CERTIFIED", "rank": "PRIMARY/SUB",
    "programme": "Program", "entity": "Entity Debarred", "since": "Start Date", "until": "End Date",
}  # fmt: skip
_FORMS = {"AND", "INC", "INCORPORATED", "CO", "COMPANY", "CORP", "CORPORATION", "LTD", "LIMITED", "LIABILITY", "PARTNERSHIP",
          "LLC", "LC", "LLP", "LP", "PLLC", "PC", "PA"}  # fmt: skip
_TRADING = ({"DBA", "AKA", "FKA"}, {"D B A", "A K A", "F K A"})


def application(**cells: str) -> dict[str, str]:
    """An application row; what is not given is that of one certified in full."""
    return _APPLICATION | {_SHORT[name]: value for name, value in cells.items()}


def debarment(**cells: str) -> dict[str, str]:
    """A debarment row."""
    return _DEBARMENT | {_SHORT[name]: value for name, value in cells.items()}


def written(rows: Iterable[Mapping[str, str]]) -> str:
    """Rows of the same columns as a csv."""
    listed, text = list(rows), io.StringIO()
    writer = csv.DictWriter(text, list(listed[0]))
    writer.writeheader()
    writer.writerows(listed)
    return text.getvalue()


def imported(place: Warehouse, folder: Path, text: str) -> int:
    """Stores the events of a csv, which must all pass; how many there are."""
    path = folder / "made.csv"
    path.write_text(text, encoding="utf-8")
    made = [event(each, KEY, _NOW, 1 << 20) for each in events(path, FileReport(path.name), with_positions=False)]
    assert not [each for each in made if isinstance(each, list)]
    return store_events(place, [each[0] for each in made if isinstance(each, tuple)])


def collapsed(name: str) -> str:
    """What oflc_named makes of one name, word by word and without a pattern."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not "\u0300" <= char <= "\u036f").upper()
    kept = plain.translate({ord(char): None for char in ".'\u2019`"}).translate({ord("&"): " AND ", ord("+"): " AND "})
    words = "".join(char if char.isalnum() else " " for char in kept).split()
    for place in range(1, len(words)):
        if words[place] in _TRADING[0] or " ".join(words[place : place + 3]) in _TRADING[1]:
            words = words[:place]
            break
    if words[0] == "THE" and len(words) > 1:
        del words[0]
    while len(words) > 1:
        if words[-1] in _FORMS:
            del words[-1]
        elif len(words) > 3 and " ".join(words[-3:]) in ("L L C", "L L P"):
            del words[-3:]
        else:
            break
    return "".join(words)


def employer_keys(names: Iterable[str]) -> dict[str, str]:
    """Each name's key among these: names of one register id have one, the shortest."""
    listed = list(names)
    shortest: dict[str, str] = {}
    for key in sorted({collapsed(name) for name in listed}, key=lambda key: (len(key), key), reverse=True):
        shortest |= {name_key(name): key for name in listed if collapsed(name) == key}
    return {name: shortest[name_key(name)] for name in listed}
