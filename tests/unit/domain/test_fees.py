"""Payments at least and at most, where worker and agencies say different things of them."""

from __future__ import annotations

from itertools import permutations

from hypothesis import given
from hypothesis import strategies as st

from streams.domain.facts import Fact
from streams.domain.fees import Total, paid, payments, refunds, total
from tests.support.builders import journey
from tests.support.fees import AGENCY, OTHER, fee, refund


def come_to(*facts: Fact) -> Total:
    view = journey(*facts)
    return total(paid(view), refunds(view))


def bounds(*facts: Fact) -> tuple[int, int]:
    found = come_to(*facts)
    return found.least.get("NPR", 0), found.most.get("NPR", 0)


def test_the_workers_word_goes_first_and_what_the_agency_has_besides_adds_to_the_most() -> None:
    assert bounds(fee(100), fee(60, by="agency")) == (100, 100)  # the same day
    assert bounds(fee(60), fee(100, by="agency")) == (100, 100)  # its own books say more
    assert bounds(fee(100), fee(100, day=9, by="agency")) == (100, 100)  # the same amount
    assert bounds(fee(100), fee(60, day=9, by="agency")) == (100, 160)
    assert bounds(fee(60), fee(100, day=9, by="agency")) == (100, 160)
    assert bounds(fee(100), fee(60, OTHER, 9, by="agency")) == (160, 160)
    assert bounds(fee(100), fee(60, day=9, by="agency", code="medical")) == (160, 160)


def test_one_declaration_of_the_worker_stands_for_one_of_the_agency() -> None:
    assert bounds(fee(100), fee(100, by="agency"), fee(60, by="agency")) == (160, 160)
    assert bounds(fee(100), fee(100, by="agency"), fee(100, day=9, by="agency")) == (200, 200)
    assert bounds(fee(50), fee(50, day=1), fee(100, day=2, by="agency")) == (100, 200)


def test_an_agencys_without_an_amount_is_not_counted_instead_of_one_that_has_one() -> None:
    declared = fee(None, by="agency"), fee(50), fee(50, day=5, by="agency")
    assert bounds(*declared) == bounds(*declared, fee(None)) == (50, 50)


def test_a_payee_whom_nobody_names_may_be_any() -> None:
    assert bounds(fee(100), fee(60, None, 9, by="agency")) == (100, 160)
    assert bounds(fee(100, None), fee(100, by="agency")) == (100, 200)


def test_refunds_are_net_of_their_own_kind_and_never_below_nothing() -> None:
    assert bounds(fee(100), fee(100, code="medical"), refund(150)) == (100, 100)
    assert bounds(fee(100), refund(30), refund(20, day=12, by="agency")) == (50, 70)
    assert bounds(fee(100), refund(30, currency="USD")) == (0, 100)


def test_two_contents_of_one_event_are_in_doubt() -> None:
    assert bounds(fee(100, id="one"), fee(900, id="one")) == (0, 1_000)


def test_what_nobody_knows_the_amount_of() -> None:
    found = come_to(fee(None), fee(100, day=1))
    assert (found.unstated, found.some, dict(found.least)) == (True, True, {"NPR": 100})
    assert not come_to(fee(None, payer=None, by="agency")).some
    assert not come_to(fee(None), refund(5)).some
    assert not come_to(fee(0)).some


def test_currencies_are_kept_apart() -> None:
    found = come_to(fee(100), fee(7, currency="USD"))
    assert found.currencies == {"NPR", "USD"}
    assert dict(found.least) == {"NPR": 100, "USD": 7}


def test_who_pays() -> None:
    silent = fee(1, payer=None, day=2), fee(1, payer=None, by="agency", day=3)
    view = journey(fee(1, payer="family"), fee(1, payer="employer", day=1), *silent)
    assert [each.payer for each in payments(view)] == ["own", "other", "own", "unknown"]
    assert len(paid(view)) == 3


_DECLARED = st.builds(
    fee, st.sampled_from((None, 50, 60, 100)), st.sampled_from((AGENCY, OTHER, None)), st.sampled_from((0, 0.1, 5)),
    by=st.sampled_from(("worker", "agency")), source=st.sampled_from(("/office/NP/kathmandu", "/office/QA/kathmandu")),
)  # fmt: skip


@given(st.lists(_DECLARED, min_size=1, max_size=5))
def test_at_least_is_never_above_at_most_nor_does_one_more_declaration_lower_either(declared: list[Fact]) -> None:
    least, most = bounds(*declared)
    assert 0 <= least <= most
    fewer = bounds(*declared[:-1])
    assert fewer[0] <= least
    assert fewer[1] <= most


@given(st.lists(_DECLARED, min_size=2, max_size=3))
def test_the_order_of_declarations_changes_nothing(declared: list[Fact]) -> None:
    assert len({bounds(*order) for order in permutations(declared)}) == 1
