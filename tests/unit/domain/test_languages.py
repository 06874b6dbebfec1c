"""Codes of two and of three letters name one language."""

from __future__ import annotations

import pytest

from streams.domain.languages import language


@pytest.mark.parametrize(("code", "same"), [
    ("ne", "ne"), ("nep", "ne"), ("ben", "bn"), ("ara", "ar"), ("fre", "fr"), ("fra", "fr"), ("msa", "ms"), ("fil", "tl"),
    ("tgl", "tl"), ("NEP", "ne"), ("ceb", "ceb"), ("zzz", "zzz"),
])  # fmt: skip
def test_a_language_is_one_whichever_code_is_given(code: str, same: str) -> None:
    assert language(code) == same
