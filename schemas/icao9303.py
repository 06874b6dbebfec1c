"""ICAO 9303 check digits of a machine-readable zone. A strong filter and a weak oracle: a right digit proves little."""

from __future__ import annotations

from itertools import cycle
from operator import mul
from string import ascii_uppercase, digits

_WEIGHTS = (7, 3, 1)
_VALUES = {"<": 0, **{character: value for value, character in enumerate(digits + ascii_uppercase)}}
LINE = 44  # characters of each of the two lines of a passport (TD3)


def _value(character: str) -> int:
    if (value := _VALUES.get(character)) is None:
        raise ValueError(f"{character!r} cannot stand in a machine-readable zone")
    return value


def check_digit(field: str) -> int:
    """The digit of a field: weights 7, 3, 1; 0-9, A=10 to Z=35, '<' = 0; modulo 10. Raises ValueError."""
    try:
        total: int = sum(map(mul, map(_VALUES.__getitem__, field), cycle(_WEIGHTS)))
    except KeyError as problem:
        return _value(problem.args[0])  # raises
    return total % 10


def passport_problems(mrz: str) -> list[str]:
    """What is wrong with a TD3 zone of two lines of 44; empty when all its digits agree. The name line has none."""
    lines = mrz.split()
    if len(lines) != 2 or any(len(line) != LINE for line in lines):
        return [f"a passport's zone has two lines of {LINE} characters"]
    second, problems = lines[1].upper(), []
    composite = second[0:10] + second[13:20] + second[21:43]
    fields = {"document number": (second[0:9], second[9]), "date of birth": (second[13:19], second[19]),
              "date of expiry": (second[21:27], second[27]), "composite": (composite, second[43])}  # fmt: skip
    for name, (field, digit) in fields.items():
        try:
            if check_digit(field) != _value(digit) or not digit.isdigit():
                problems.append(f"the check digit of the {name} does not agree")
        except ValueError as problem:
            problems.append(f"{name}: {problem}")
    if second[42] not in "<0123456789" or (second[28:42].strip("<") and _value(second[42]) != check_digit(second[28:42])):
        problems.append("the check digit of the personal number does not agree")
    return problems


def document_number(mrz: str) -> str:
    """The document number of a TD3 zone, without its filling."""
    return mrz.split()[1][0:9].rstrip("<")
