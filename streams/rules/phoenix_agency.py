"""T-LIC-03: a new licence may be an old agency under another name."""

from __future__ import annotations

from collections.abc import Iterator

from streams.domain.instants import Instant
from streams.domain.outcomes import Outcome
from streams.domain.standings import Standings
from streams.domain.views import SumsView
from streams.rules.parameters import count, listed, months, text
from streams.rules.policy import Policy
from streams.rules.watch_reports import reported, watch_rule


@watch_rule(
    "T-LIC-03", "party", version=1, audience=("licensing-authority", "oversight"), severity="P3", action="verify",
    recommendations=("A11",), indicators=(),
    next_step="Compare owners, staff and premises of both; that they share attributes proves nothing.",
    basis="A/70/310 p. 20: licensing reflects what is known of a recruiter; domain.md 1.1 [S8]: registration again without a new check",
    parameters={
        "months": months(1), "kinds": count("kinds of attribute", 1, 5), "common": count("holders", 2), "free_mail": listed(text()),
    },
    selectors=("jurisdiction",),
)  # fmt: skip
def phoenix_agency(view: SumsView, standings: Standings, policy: Policy, as_of: Instant) -> Iterator[Outcome]:
    """A new licence shares two or more attributes with one cancelled within 36 calendar months before: possible, never proven.

    Counted are kinds of attribute: the registered address, the director (a pseudonym), the telephone, the bank account and
    the e-mail domain: two telephones shared are one kind. The cancellation, or a blacklisting, comes first and was not
    lifted before the new licence. Spelling variants are collapsed first: a new entry that has the old one's name, legal form
    apart, is the same agency licensed again, and no phoenix. An attribute that more than ten holders share, such as a
    business centre's address, and a domain that anyone can have, tell nothing. Nothing follows by itself: the finding asks
    an authority to look.
    """
    yield from reported("T-LIC-03", view, "P3")
