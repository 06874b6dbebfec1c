"""Ids that are no streamed rule: watches over the population (SQL). Their policy rows are kept and checked with all others.

A watch says here what a rule says in its decorator; Shape() until its author has written what parameters its rows have.
"""

from __future__ import annotations

from collections.abc import Mapping

from streams.rules.parameters import Shape

WATCHES: Mapping[str, Shape] = {
    "T-CHN-07": Shape(),
    "T-CMP-03": Shape(),
    "T-CON-06": Shape(),
    "T-DTH-01": Shape(),
    "T-LIC-03": Shape(),
    "T-VIS-02": Shape(),
    "T-VIS-03": Shape(),
    "T-WAG-02": Shape(),
}
