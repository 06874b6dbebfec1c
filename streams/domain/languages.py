"""Languages by ISO 639 codes: the codes of two and of three letters for one language are one ('nep' is 'ne')."""

from __future__ import annotations

from functools import lru_cache

import pycountry

# Filipino is the standard form of Tagalog, with a code of its own.
_SAME = {"fil": "tl"}


@lru_cache(maxsize=1_024)
def language(code: str) -> str:
    """The shortest ISO 639 code of a language, whichever of its codes is given; an unknown one as it is, in lower case."""
    asked = code.lower()
    if len(asked) != 3 or asked in _SAME:
        return _SAME.get(asked, asked)
    found = pycountry.languages.get(alpha_3=asked) or pycountry.languages.get(bibliographic=asked)
    return asked if found is None else getattr(found, "alpha_2", asked)
