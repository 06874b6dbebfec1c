"""Workers as their offices know them: raw numbers, spelled as each office spells them. All of it invented."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random
from typing import Any

from streams.publishers.simulator.parameters import ALPHA3, DIAL, LANGUAGES

_GIVEN = ("ADILA", "ARUN", "BIMALA", "CHANDRA", "DAWIT", "ELENA", "FARUK", "GITA", "HABIB", "IMRAN", "JOSEFA", "KAMAL",
          "LAKSHMI", "MARISOL", "NASRIN", "OBAID", "PRAKASH", "RASHID", "SELAM", "TIGIST", "USHA", "WAHID", "YOHANNES", "ZARA")  # fmt: skip
_FAMILY = ("ABEBE", "AKHTER", "BISTA", "CRUZ", "DEVI", "FERNANDEZ", "GURUNG", "HOSSAIN", "ISLAM", "KHAN", "LAMA", "MENDOZA",
           "NAIR", "PATEL", "QURESHI", "RAI", "REYES", "SHARMA", "TADESSE", "UDDIN", "VARMA", "WOLDE", "YADAV", "ZAMAN")  # fmt: skip
_WEIGHTS = (7, 3, 1)


@dataclass
class Person:
    """One worker. `sim` names them in the truth; `numbers` are raw values by identifier kind: (country, value)."""

    sim: str
    origin: str
    sex: str
    born: date
    given: str
    family: str
    numbers: dict[str, tuple[str, str]] = field(default_factory=dict)

    def identifier(self, kind: str, draw: Random) -> dict[str, Any]:
        """One identifier as an office writes it: same number, its own spelling."""
        country, value = self.numbers[kind]
        return {"kind": kind, "country": country, "value": _spelled(value, kind, draw)}


def person(sim: str, origin: str, women: float, draw: Random) -> Person:
    """A new worker with national id, passport, phone and name with birth date."""
    sex = "F" if draw.random() < women else "M"
    born = date(1975, 1, 1) + timedelta(days=draw.randrange(30 * 365))
    made = Person(sim, origin, sex, born, draw.choice(_GIVEN), draw.choice(_FAMILY))
    made.numbers["national_id"] = (origin, f"{draw.randrange(10**11, 10**12)}")
    made.numbers["passport"] = (origin, passport_number(draw))
    made.numbers["phone"] = (origin, f"{DIAL[origin]}{draw.randrange(10**7, 10**8)}")
    made.numbers["name_birthdate"] = (origin, f"{made.given} {made.family} {draw.randrange(10**6):06d} {born.isoformat()}")
    return made


def passport_number(draw: Random) -> str:
    """A passport number: two letters and seven digits."""
    letters = "ABCDEFGHJKLMNPRSTUVWXYZ"
    return f"{draw.choice(letters)}{draw.choice(letters)}{draw.randrange(10**6, 10**7)}"


def languages(origin: str) -> list[str]:
    """ISO 639 codes of what the worker reads."""
    return [LANGUAGES[origin]]


def mrz(who: Person, expires: date) -> str:
    """The two lines of a passport's machine-readable zone (ICAO 9303, TD3), with right check digits."""
    country = ALPHA3[who.origin]
    names = f"P<{country}{who.family}<<{who.given}".ljust(44, "<")
    number = who.numbers["passport"][1].ljust(9, "<")
    birth, expiry, personal = f"{who.born:%y%m%d}", f"{expires:%y%m%d}", "<" * 14
    head = f"{number}{check_digit(number)}"
    birth_part, expiry_part = f"{birth}{check_digit(birth)}", f"{expiry}{check_digit(expiry)}"
    personal_part = f"{personal}0"
    composite = check_digit(head + birth_part + expiry_part + personal_part)
    return f"{names}\n{head}{country}{birth_part}{who.sex}{expiry_part}{personal_part}{composite}"


def check_digit(text: str) -> int:
    """ICAO 9303: weights 7, 3, 1; digits as they are, A=10 to Z=35, filler 0; modulo 10."""
    return sum(_value(char) * _WEIGHTS[i % 3] for i, char in enumerate(text)) % 10


def _value(char: str) -> int:
    return 0 if char == "<" else int(char, 36)


def _spelled(value: str, kind: str, draw: Random) -> str:
    if kind in ("name_birthdate", "phone", "position"):
        return value
    way = draw.randrange(4)
    if way == 0:
        return value.lower()
    if way == 1:
        return f"{value[:2]} {value[2:]}"
    if way == 2:
        return f"{value[:5]}-{value[5:]}"
    return value
