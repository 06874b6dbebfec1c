"""Made-up names: spellings of one employer, names that stay apart, and what the method is known to get wrong."""

from __future__ import annotations

# Each is one employer.
ONE: tuple[tuple[str, ...], ...] = (
    ("Green Farm", "GREEN FARM", "Green-Farm", "Green  Farm.", "GreenFarm", "The Green Farm"),
    ("Green Farm, Inc.", "Green Farm Incorporated", "GREEN FARM INC", "Green Farm Co., Inc.", "Green Farm Corp", "Green Farm"),
    ("Brown L.L.C.", "Brown LLC", "Brown, L. L. C.", "Brown Limited Liability Company", "Brown Ltd", "Brown LC", "Brown, L.P."),
    ("Smith & Sons", "Smith and Sons", "Smith + Sons, Inc"),
    ("Smith & Co.", "Smith Company", "Smith"),
    ("O'Neil Farm", "ONeil Farm", "O\u2019Neil Farm"),
    ("Peña Ranch", "Pena Ranch", "PEÑA RANCH"),
    ("J. Doe DBA Green Farm", "J. Doe d/b/a Green Farm", "J Doe, D.B.A. Green Farm", "J Doe"),
    ("J Doe AKA Jim Doe", "J Doe f/k/a J Roe", "J Doe dba"),
)
# Each is an employer of its own, or is taken for one: the second half is what the method leaves apart wrongly.
APART: tuple[tuple[str, ...], ...] = (
    ("Green Farm", "Green Farm 2", "Green Farm II"),
    ("Green Farm", "Brown Farm", "North Green Farm"),
    ("Incline Farm", "Cline Farm"),
    ("Adbar", "A"),
    ("Theodore", "Odore"),
    ("Green Farm", "Green Farms", "Green Frm"),
    ("Smith Brothers", "Smith Bros"),
    ("Doe, Jane", "Jane Doe"),
    ("Green Farm", "J Doe DBA Green Farm"),
)
# Each may well be several employers.
WRONGLY_JOINED: tuple[tuple[str, ...], ...] = (
    ("Green Farm LLC", "Green Farm Inc"),
    ("J Doe dba Green Farm", "J Doe dba Brown Inn"),
    ("Smith & Co", "Smith"),
    ("AB C Farm", "A BC Farm"),
)
