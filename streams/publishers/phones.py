"""Telephone numbers as digits with their country code, so that one number written at home and abroad is one (ITU-T E.164)."""

from __future__ import annotations

# Country codes of origins and destinations. Of another country's numbers only those written with + or 00 are completed.
CODES = {
    "AE": "971", "AF": "93", "AU": "61", "BD": "880", "BH": "973", "BN": "673", "BT": "975", "CA": "1", "CN": "86", "CY": "357",
    "DE": "49", "EG": "20", "ES": "34", "ET": "251", "FR": "33", "GB": "44", "GH": "233", "GR": "30", "GT": "502", "HK": "852",
    "HN": "504", "HR": "385", "ID": "62", "IL": "972", "IN": "91", "IQ": "964", "IT": "39", "JM": "1", "JO": "962", "JP": "81",
    "KE": "254", "KH": "855", "KR": "82", "KW": "965", "LA": "856", "LB": "961", "LK": "94", "MA": "212", "MM": "95", "MO": "853",
    "MT": "356", "MU": "230", "MV": "960", "MX": "52", "MY": "60", "NG": "234", "NP": "977", "NZ": "64", "OM": "968", "PH": "63",
    "PK": "92", "PL": "48", "PT": "351", "QA": "974", "RO": "40", "RU": "7", "SA": "966", "SG": "65", "SN": "221", "SV": "503",
    "SY": "963", "TH": "66", "TN": "216", "TR": "90", "TW": "886", "TZ": "255", "UA": "380", "UG": "256", "US": "1", "UZ": "998",
    "VN": "84", "YE": "967", "ZA": "27",
}  # fmt: skip
# In these the leading zero belongs to the number and is dialled from abroad too.
_ZERO_KEPT = frozenset({"IT"})
_LEAST_SUBSCRIBER = 6  # digits; what is shorter after a country code was a national number that happens to begin like one


def international(value: str, country: str = "") -> str:
    """Digits with the country code: `+974 5512-3456`, `00974 55123456` and, in QA, `5512 3456` are one. '' without a digit.

    `country` is the ISO2 of the identifier; a number that already begins with its code is taken as complete.
    """
    written = value.strip()
    digits = "".join(str(int(c)) for c in written if c.isdecimal())  # digits of any script: offices type their own
    if written.startswith("+"):
        return digits
    if digits.startswith("00"):
        return digits[2:]
    code = CODES.get(country, "")
    if not digits or not code or (digits.startswith(code) and len(digits) - len(code) > _LEAST_SUBSCRIBER):
        return digits
    subscriber = digits if country in _ZERO_KEPT else digits.lstrip("0")
    return code + subscriber if subscriber else digits
