"""What the simulator draws from: domain.md section 6, with its sources; (D) marks a design value of that section.

Weights are thousands of departures a year; money is in minor units; durations in days.
"""

from __future__ import annotations

from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Corridor:
    """One origin-destination pair: how many go, what it costs them and how they are recruited.

    `fee_months` is the median recruitment cost in months of pay (log-normal, sigma 0.6); `women` the share of women.
    """

    origin: str
    destination: str
    weight: float
    fee_months: float
    origin_wage: int
    wage: int
    loan: float
    informal: float
    unlicensed: float
    women: float

    @property
    def name(self) -> str:
        """'NP-QA'."""
        return f"{self.origin}-{self.destination}"


# origin_wage: the monthly pay in the origin's currency (minor units), so that fee = months x pay; wage: in the destination's.
CORRIDORS = (
    Corridor("BD", "SA", 628, 14, 2_369_300, 120_000, 0.78, 0.78, 0.70, 0.15),
    Corridor("BD", "OM", 180, 16, 1_917_700, 75_000, 0.78, 0.78, 0.70, 0.15),
    Corridor("BD", "MY", 50, 12, 3_500_000, 150_000, 0.96, 0.78, 0.70, 0.05),
    Corridor("PK", "SA", 440, 8.5, 7_680_000, 180_000, 0.67, 0.80, 0.60, 0.02),
    Corridor("PK", "AE", 150, 6, 6_192_000, 142_000, 0.67, 0.80, 0.60, 0.02),
    Corridor("PH", "SA", 420, 1, 2_240_000, 150_000, 0.40, 0.10, 0.0, 0.50),
    Corridor("PH", "AE", 283, 1, 2_520_000, 165_000, 0.40, 0.10, 0.0, 0.50),
    Corridor("PH", "QA", 138, 1, 2_300_000, 150_000, 0.40, 0.10, 0.0, 0.50),
    Corridor("NP", "QA", 260, 5.5, 3_500_000, 110_000, 0.63, 0.60, 0.70, 0.08),
    Corridor("NP", "MY", 225, 5.5, 4_000_000, 150_000, 0.63, 0.60, 0.70, 0.05),
    Corridor("NP", "SA", 140, 5.5, 3_500_000, 110_000, 0.63, 0.60, 0.70, 0.08),
    Corridor("NP", "AE", 120, 5.5, 3_800_000, 105_000, 0.63, 0.60, 0.70, 0.08),
    Corridor("IN", "SA", 238, 2.5, 3_000_000, 135_000, 0.50, 0.60, 0.65, 0.05),
    Corridor("IN", "AE", 160, 2.5, 2_900_000, 120_000, 0.50, 0.60, 0.65, 0.05),
    Corridor("ET", "SA", 120, 2, 1_500_000, 100_000, 0.50, 0.60, 0.0, 0.95),
    Corridor("ET", "KW", 80, 2, 1_600_000, 90_000, 0.50, 0.60, 0.0, 0.95),
)  # fmt: skip

CURRENCY = {"BD": "BDT", "PK": "PKR", "PH": "PHP", "NP": "NPR", "IN": "INR", "ET": "ETB",
            "SA": "SAR", "OM": "OMR", "MY": "MYR", "AE": "AED", "QA": "QAR", "KW": "KWD"}  # fmt: skip
ALPHA3 = {"BD": "BGD", "PK": "PAK", "PH": "PHL", "NP": "NPL", "IN": "IND", "ET": "ETH"}
LANGUAGES = {"BD": "bn", "PK": "ur", "PH": "tl", "NP": "ne", "IN": "hi", "ET": "am"}
DIAL = {"BD": "+880 1", "PK": "+92 3", "PH": "+63 9", "NP": "+977 98", "IN": "+91 9", "ET": "+251 9"}

# Where a satellite office of a destination sits in an origin, and the names of the ministries' own registers.
CITY = {"BD": "dhaka", "PK": "islamabad", "PH": "manila", "NP": "kathmandu", "IN": "delhi", "ET": "addis-ababa"}
MINISTRY = {"BD": "bmet", "PK": "beoe", "PH": "dmw", "NP": "dofe", "IN": "poe", "ET": "mols",
            "SA": "mhrsd", "OM": "mol", "MY": "jtksm", "AE": "mohre", "QA": "mol", "KW": "pam"}  # fmt: skip

# ISCO-08, ISIC rev. 4 and weight of what men and women are hired for.
MEN = (("9313", "4100", 40), ("7112", "4100", 20), ("8322", "4922", 15), ("5414", "8010", 10), ("9112", "8121", 15))
WOMEN = (("9111", "9700", 70), ("5322", "9700", 5), ("9112", "8121", 25))

NO_CONTRACT = 0.30  # no pre-departure contract
LATE_AUTHENTICATION = 0.15  # late destination authentication, 10-25 % (D)
SUBSTITUTED = 0.22  # a lower wage than promised: 22 % (Malaysia 2014) to 53 % (Nepal)
COMPLAINT = 0.0045  # 2-7 per 1,000 departures
SETTLED = 0.35  # 26-42 %
LATE_WAGE = 0.147  # wages not on time
PASSPORT_HELD = 0.55  # 40-70 % (D)
NEVER_DEPARTS = 0.19  # Bangladesh, after paying
SECONDED = 0.15  # lawful secondments; 23 % of authentications in Qatar, Q4 2024
DUPLICATES = 0.02  # 1-3 %
CORRECTIONS = 0.02
LATE_ARRIVAL = 0.05  # share of events that arrive days late, up to 30
MOST_LATE = 30
OUTAGE = 0.0075  # per office and day, 0.5-1 %
OUTAGE_DAYS = (1, 7)
NEW_PASSPORT = 0.03  # lost and renewed on the way (D)
RETURNS = 0.06  # come home and are recruited again within the simulated time (D)


def to_departure(draw: Random) -> float:
    """Days from application to departure: gamma, mean 75, sd 35, floor 28."""
    mean, deviation = 75.0, 35.0
    return max(28.0, draw.gammavariate((mean / deviation) ** 2, deviation**2 / mean))


def fee_minor(corridor: Corridor, draw: Random) -> int:
    """What the worker paid to be recruited, in minor units of the origin's currency, rounded to a hundred units."""
    months = draw.lognormvariate(0.0, 0.6) * corridor.fee_months
    return max(10_000, round(months * corridor.origin_wage / 10_000) * 10_000)


def attestation_needed(jobs: int, day: str) -> bool:
    """Bangladesh (domain.md 1.1, S15): groups above 25 of one employer, and everyone cleared from 10 June 2024 on."""
    return jobs > 25 or day >= "2024-06-10"


def chosen(names: tuple[str, ...]) -> tuple[Corridor, ...]:
    """The corridors of these names ('NP-QA'), all when none are given. Raises ValueError that lists what there is."""
    if not names:
        return CORRIDORS
    known = {corridor.name: corridor for corridor in CORRIDORS}
    if unknown := [name for name in names if name not in known]:
        raise ValueError(f"corridor {unknown[0]!r} is not simulated; there are {', '.join(sorted(known))}")
    return tuple(known[name] for name in dict.fromkeys(names))
