"""Loading a policy: every problem of every file at once, each with file, row, key and remedy; never when a worker meets it."""

from __future__ import annotations

from pathlib import Path

import pytest

from streams.rules.policy import PolicyError, default, load
from streams.rules.registry import catalogue
from tests.support.policies import loaded, problems, write

PLAIN = 'id = "a"\nrule = "T-CON-02"\nsource = "a test"\ndays = 30'
CHAIN = 'id = "c"\nrule = "T-CHN-01"\nsource = "a test"\nwarn_at = 3\nalert_at = 4'
LAW = 'id = "l"\nrule = "T-CHN-02"\nrole = "agency"\nsource = "a test"'
DATA = 'id = "d"\nrule = "T-DQ-01"\nsource = "a test"\nratio = 50'
DEMAND = 'id = "x"\nrule = "T-ATT-01"\nsource = "a test"'
WITHOUT = next(rule.id for rule in catalogue() if not rule.shape.parameters)
COMPLAINT = 'id = "k"\nrule = "T-CMP-01"\nrole = "worker"\nsource = "a test"\nack_days = 3\nfollow_up_days = 7'


def row(id: str, *lines: str, days: int = 30) -> str:
    return "\n".join((f'id = "{id}"', 'rule = "T-CON-02"', 'source = "a test"', f"days = {days}", *lines))


@pytest.mark.parametrize(("text", "said"), [
    (PLAIN.replace("days = 30", ""), "trial.toml, row 1 (a): days must be given: whole number (days)"),
    (PLAIN.replace("days", "dayz"), "row 1 (a): dayz is no parameter here (did you mean days?)"),
    (PLAIN + "\nzeal = 3", "row 1 (a): zeal is no parameter here (there are days)"),
    (PLAIN.replace("30", '"30"'), "row 1 (a): days must be a whole number (days) from 0 to 36500; it is '30'"),
    (PLAIN.replace("30", "30.5"), "days must be a whole number (days) from 0 to 36500; it is 30.5"),
    (PLAIN.replace("30", "true"), "days must be a whole number (days) from 0 to 36500; it is true"),
    (PLAIN.replace("30", "-1"), "days must be a whole number (days) from 0 to 36500; it is -1"),
    (PLAIN.replace("30", "36501"), "days must be a whole number (days) from 0 to 36500; it is 36501"),
    (PLAIN.replace("CON-02", "CON-0"), "rule 'T-CON-0' is not in the catalogue; did you mean T-CON-0"),
    (PLAIN.replace("T-CON-02", "T-LIC-04"), "rule 'T-LIC-04' is not in the catalogue; it is T-INT-02 here"),
    (PLAIN.replace("T-CON-02", "nothing"), "rule 'nothing' is not in the catalogue; `fairpassage rules` lists them"),
    (PLAIN.replace('rule = "T-CON-02"', ""), "rule is missing; every row has id, rule and source"),
    (PLAIN.replace('id = "a"', ""), "trial.toml, row 1: id is missing"),
    (PLAIN.replace('"a test"', '" "'), "source must be text that is not empty; it is ' '"),
    (PLAIN.replace('"a test"', "7"), "source must be text that is not empty; it is 7"),
    (PLAIN + "\nfrom = 2024-06-10\nuntil = 2024-06-09", "until 2024-06-09 is before from 2024-06-10"),
    (PLAIN + '\nfrom = "2024-06-10"', "from must be a day such as 2024-06-10, without quotes or a time; it is '2024-06-10'"),
    (PLAIN + "\nuntil = 2024-06-10T00:00:00Z", "until must be a day such as 2024-06-10, without quotes or a time; it is 2024-06-10T00:0"),
    (PLAIN + "\nuntil = 10:00:00", "until must be a day such as 2024-06-10, without quotes or a time; it is 10:00:00"),
    (PLAIN + "\norigin = true", "origin must be text, in quotes; it is true"),
    (PLAIN.replace("T-CON-02", "t-con-02"), "rule 't-con-02' is not in the catalogue; did you mean T-CON-02?"),
    (PLAIN + '\norigin = "NPL"', "origin 'NPL' is none; write an ISO 3166-1 alpha-2 country such as NP"),
    (PLAIN + "\norigin = 7", "origin must be text, in quotes; it is 7"),
    (PLAIN + '\njurisdiction = "QA"', "jurisdiction must be left out: T-CON-02 looks rows up by origin, destination"),
    (DEMAND + '\nrequired = false\nisco = "domestic"', "isco 'domestic' is none; write an ISCO-08 code of one to four digits"),
    (DEMAND + "\nrequired = false\nisco = 9111", "isco must be text, in quotes; it is 9111"),
    (DEMAND + '\nrequired = false\nsex = "women"', "sex must be one of female, male; it is 'women'"),
    (PLAIN + '\nsex = "female"', "sex must be left out: what protects women may not restrict them"),
    (PLAIN.replace("T-CON-02", WITHOUT), f"rule {WITHOUT} declares no parameter, so it has no rows"),
    (COMPLAINT + '\nisic = "040"', "isic '040' is none; write an ISIC rev. 4 code"),
    (COMPLAINT + '\nseverity = "P4"', "severity must be one of P1, P2, P3; it is 'P4'"),
    (COMPLAINT.replace('"worker"', '"wroker"'), "role must be one of worker, family, employer, agency, union, ngo; it is 'wroker'"),
    (COMPLAINT + "\nrefer_working_days = 3", "refer_working_days must be left out: it is only with settle_days"),
    (COMPLAINT + "\nsettle_days = 7", "refer_working_days must be given: whole number (working days)"),
    (CHAIN.replace("4", "3"), "alert_at must be more than warn_at, which is 3; it is 3"),
    (LAW + '\nlaw = "alowed"', "law must be one of prohibited, must_register, licensed, silent; it is 'alowed'"),
    (LAW + '\nlaw = "licensed"', "register_complete must be given: true or false"),
    (LAW + '\nlaw = "silent"\nregister_complete = false', "left out: it is only with law = 'must_register' or 'licensed'"),
    (LAW + '\nlaw = "licensed"\nregister_complete = 1', "register_complete must be true or false; it is 1"),
    (DATA + '\ncurrency = "SRA"\nusual_minor = 1\nfactor = 2', "currency must be currency code (ISO 4217); it is 'SRA'"),
    (DATA + '\ncurrency = "SAR"\nfactor = 2', "usual_minor must be given: whole number (minor units of the currency)"),
    ('id = "o"\nrule = "T-OFF-01"\nsource = "a test"\nmin_hours = 48\nfactor = inf', "factor must be a number (times the usual interval)"),
    ('id = "o"\nrule = "T-OFF-01"\nsource = "a test"\nmin_hours = 48\nfactor = nan', "factor must be a number (times the usual interval)"),
])  # fmt: skip
def test_what_is_wrong_with_a_row(tmp_path: Path, text: str, said: str) -> None:
    found = problems(tmp_path, text)
    assert len(found) == 1
    assert found[0].startswith("trial.toml, row 1")
    assert said in found[0]


@pytest.mark.parametrize(("value", "said"), [
    ('"97"', "household_isic must be a list of 1 to 1000: sector; it is '97'"),
    ("[]", "household_isic must be a list of 1 to 1000: sector; it is []"),
    ('["97", "none"]', "household_isic[2] must be sector (2 to 4 digits of ISIC rev. 4); it is 'none'"),
    ('["97", "97"]', "household_isic must be a list that has each once; it is ['97', '97']"),
])  # fmt: skip
def test_what_is_wrong_with_a_list(tmp_path: Path, value: str, said: str) -> None:
    text = 'id = "x"\nrule = "T-OUT-04"\nsource = "a test"\ndomestic_isco = ["9111"]\ncare_isco = []\ninstitution_isic = []'
    assert problems(tmp_path, f"{text}\nhousehold_isic = {value}") == [f"trial.toml, row 1 (x): {said}"]


def test_every_problem_of_every_file_is_told_at_once(tmp_path: Path) -> None:
    write(tmp_path, PLAIN.replace("30", "-1") + '\norigin = "XX"', CHAIN + "\nmore = 1", name="one.toml")
    write(tmp_path, 'id = "b"\nrule = "T-CON-02"', name="two.toml")
    (tmp_path / "three.toml").write_text("[[row]]\nid = x\n")
    (tmp_path / "four.toml").write_bytes(b"\xff")
    (tmp_path / "five.toml").write_text("rows = 1\nrow = 2\n")
    (tmp_path / "six.toml").write_text("# nothing yet\n")
    with pytest.raises(PolicyError) as caught:
        load(tmp_path)
    assert [problem.partition(": ")[0] for problem in caught.value.problems] == [
        "five.toml", "five.toml", "four.toml", "one.toml, row 1 (a)", "one.toml, row 1 (a)", "one.toml, row 2 (c)", "six.toml",
        "three.toml, row 1, id", "two.toml, row 1 (b)", "two.toml, row 1 (b)",
    ]  # fmt: skip
    assert str(caught.value).splitlines() == list(caught.value.problems)


def test_a_day_that_no_calendar_has_names_its_row_and_key(tmp_path: Path) -> None:
    (found,) = problems(tmp_path, PLAIN, row("b", 'origin = "NP"', "from = 2023-02-29"))
    assert found.startswith("trial.toml, row 2, from: is no TOML: ")


@pytest.mark.parametrize("text", ["[row]\nid = 'a'\n", "row = [1, 2]\n", "row = 'a'\n"])
def test_rows_that_are_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "trial.toml").write_text(text)
    with pytest.raises(PolicyError, match=r"trial\.toml: row must be tables that each begin with \[\[row\]\]"):
        load(tmp_path / "trial.toml")


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path: Path) -> None:
    file = write(tmp_path, PLAIN)
    file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert load(file).require("T-CON-02", "2024-01-01").id == "a"


def test_a_file_or_folder_that_is_not_there_or_empty(tmp_path: Path) -> None:
    for path, said in ((tmp_path / "none.toml", "none.toml: cannot be read"), (tmp_path, "holds no .toml file")):
        with pytest.raises(PolicyError, match=said):
            load(path)


@pytest.mark.parametrize(("rows", "said"), [
    ([row("a"), row("a", 'origin = "NP"')], "row 2 (a): id is there twice, first in trial.toml, row 1 (a)"),
    ([row("a", "until = 2024-06-10"), row("b", "from = 2024-06-10")],
     "row 2 (b): from 2024-06-10 overlaps a, which has the same selectors and holds until 2024-06-10"),
    ([row("a", 'origin = "NP"')], "row 1 (a): rule T-CON-02 has no default row; add one without selectors"),
    ([row("a", "until = 2024-06-09"), row("b", "from = 2024-06-11")],
     "row 1 (a): rule T-CON-02 has no default row from 2024-06-10 until 2024-06-10"),
    ([row("a", "from = 2020-01-01")], "rule T-CON-02 has no default row until 2019-12-31"),
    ([row("a", "until = 2020-01-01")], "rule T-CON-02 has no default row from 2020-01-02"),
    ([row("a"), row("b", 'origin = "NP"'), row("c", 'destination = "QA"', "from = 2020-01-01")],
     'applies together with b from 2020-01-01, and neither is the more special; add a row with origin = "NP", destination = "QA"'),
    ([row("a"), row("b", 'origin = "NP"'), row("c", 'destination = "QA"'),
      row("d", 'origin = "NP"', 'destination = "QA"', "until = 2020-12-31")], "applies together with b from 2021-01-01,"),
])  # fmt: skip
def test_what_rows_contradict(tmp_path: Path, rows: list[str], said: str) -> None:
    (found,) = problems(tmp_path, *rows)
    assert said in found


def test_prefixes_of_other_selectors_do_not_decide(tmp_path: Path) -> None:
    """An occupation is no more special than a destination, however many digits it has."""
    rows = [DEMAND + "\nrequired = false", DEMAND.replace('"x"', '"y"') + '\nrequired = false\nisco = "9111"',
            DEMAND.replace('"x"', '"z"') + '\nrequired = true\nabove = 0\ndestination = "QA"']  # fmt: skip
    (found,) = problems(tmp_path, *rows)
    assert 'add a row with isco = "9111", destination = "QA"' in found


def test_rows_that_never_meet_or_are_settled_by_a_third_are_right(tmp_path: Path) -> None:
    assert not problems(tmp_path, row("a"), row("b", 'origin = "NP"', "until = 2020-12-31"),
                        row("c", 'destination = "QA"', "from = 2021-01-01"))  # fmt: skip
    assert not problems(tmp_path, row("a"), row("b", 'origin = "NP"'), row("c", 'origin = "BD"'))
    assert not problems(tmp_path, row("a"), row("b", 'origin = "NP"'), row("c", 'destination = "QA"'),
                        row("d", 'origin = "NP"', 'destination = "QA"'))  # fmt: skip
    assert not problems(tmp_path, row("a", "until = 2024-06-09"), row("b", "from = 2024-06-10"))


def test_over_a_base_a_file_has_all_rows_of_the_rules_that_it_names(tmp_path: Path) -> None:
    policy = loaded(tmp_path, row("trial", days=14), base=default())
    assert [each.id for each in policy.rows("T-CON-02")] == ["trial"]
    assert policy.rows("T-CMP-01") == default().rows("T-CMP-01")
    with pytest.raises(PolicyError, match=r"trial\.toml, row 1 \(T-CON-04\.default\): id is there twice, first in contracts\.toml"):
        loaded(tmp_path, row("T-CON-04.default"), base=default())
