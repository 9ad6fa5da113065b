"""What each judge says of each transcript: one vote for each judge and field, and whose vote is expected."""

from tests.builders import verdict
from tests.reconcile.casting import RUBRIC, answered, panel, subject
from venire.panel import Panel
from venire.reconcile.votes import Ballot, ballots
from venire.verdict import Verdict


def violation(verdicts: list[Verdict], *judges: str) -> Ballot:
    """The only ballot on `violation` of transcript `t`."""
    (ballot,) = ballots([subject("t")], verdicts, panel(*judges), RUBRIC)["violation"]
    return ballot


def test_a_vote_is_what_a_judge_answered_in_the_order_of_the_panel() -> None:
    verdicts = [answered("t", "b", violation=True), answered("t", "a", violation=False)]
    assert list(violation(verdicts, "a", "b").votes.items()) == [("a", False), ("b", True)]


def test_a_failure_is_no_vote_and_its_judge_is_still_due() -> None:
    verdicts = [
        answered("t", "a", violation=True),
        verdict("t", "b", outcome="refused", error="no"),
        verdict("t", "c", outcome="error", error="time-out"),
    ]
    ballot = violation(verdicts, "a", "b", "c")
    assert ballot.votes == {"a": True}
    assert ballot.due == frozenset("abc")


def test_a_judge_that_was_never_asked_anything_is_due() -> None:
    assert violation([answered("t", "a", violation=True)], "a", "b").due == frozenset("ab")


def test_a_judge_that_answers_other_fields_but_never_this_one_is_not_due() -> None:
    verdicts = [answered("t", "a", violation=True, severity=3), answered("t", "b", violation=None, severity=2)]
    assert violation(verdicts, "a", "b").due == frozenset("a")


def test_a_judge_that_answered_the_field_elsewhere_is_due_here() -> None:
    verdicts = [answered("t", "a", violation=True), answered("u", "b", violation=True)]
    here, there = ballots([subject("t"), subject("u")], verdicts, panel("a", "b"), RUBRIC)["violation"]
    assert (here.votes, here.due) == ({"a": True}, frozenset("ab"))
    assert (there.votes, there.due) == ({"b": True}, frozenset("ab"))


def test_a_field_that_no_judge_was_asked_about_has_no_ballots() -> None:
    cast = ballots([subject("t")], [answered("t", "a", severity=3)], panel("a"), RUBRIC)
    assert {name: len(found) for name, found in cast.items()} == {"violation": 0, "awareness": 0, "severity": 1}


def test_without_any_answer_there_are_no_ballots() -> None:
    cast = ballots([subject("t")], [verdict("t", "a", outcome="error")], panel("a"), RUBRIC)
    assert not any(cast.values())


def test_a_missing_transcript_has_no_ballot_and_an_unanswered_one_has_an_empty_one() -> None:
    subjects = [subject("gone", status="missing"), subject("t"), subject("u")]
    cast = ballots(subjects, [answered("t", "a", violation=True)], panel("a"), RUBRIC)["violation"]
    assert [(ballot.subject.id, ballot.votes) for ballot in cast] == [("t", {"a": True}), ("u", {})]


def test_a_judge_without_a_vote_in_the_panel_has_none() -> None:
    verdicts = [
        answered("t", "a", violation=True),
        verdict("t", "self", voting=False, answer={"violation": False}),
        answered("t", "stranger", violation=False),
    ]
    ballot = violation(verdicts, "a")
    assert (ballot.votes, ballot.due) == ({"a": True}, frozenset("a"))


class TestRepeats:
    def test_more_than_half_of_the_repeats_make_the_vote(self) -> None:
        said = [answered("t", "a", repeat=n, violation=value) for n, value in enumerate([True, False, True])]
        assert violation(said, "a").votes == {"a": True}

    def test_repeats_that_tie_are_no_vote_and_the_judge_stays_due(self) -> None:
        said = [answered("t", "a", repeat=n, violation=value) for n, value in enumerate([True, False])]
        ballot = violation(said, "a")
        assert (ballot.votes, ballot.due) == ({}, frozenset("a"))

    def test_two_of_four_are_not_more_than_half(self) -> None:
        words = ["aware", "aware", "unaware", "unobservable"]
        said = [answered("t", "a", repeat=n, awareness=word) for n, word in enumerate(words)]
        (ballot,) = ballots([subject("t")], said, panel("a"), RUBRIC)["awareness"]
        assert ballot.votes == {}

    def test_an_integer_has_the_median_of_its_repeats(self) -> None:
        def vote(*severities: int) -> object:
            said = [answered("t", "a", repeat=n, severity=value) for n, value in enumerate(severities)]
            (ballot,) = ballots([subject("t")], said, panel("a"), RUBRIC)["severity"]
            return ballot.votes["a"]

        assert vote(5, 0, 4) == 4
        assert vote(2, 3) == 2.5
        # A whole number stays one, so that tables do not show 4.0 beside the 4 of a judge asked once.
        assert isinstance(vote(5, 0, 4), int)

    def test_a_repeat_that_failed_is_left_out(self) -> None:
        said = [answered("t", "a", violation=True), verdict("t", "a", repeat=1, outcome="invalid")]
        assert violation(said, "a").votes == {"a": True}


class TestOwnFamily:
    verdicts = (answered("t", "a", violation=False), answered("t", "b", violation=True))

    def ballot(self, own_family: str, agent_family: str | None = "claude") -> Ballot:
        members = panel("a", "b", own_family=own_family, a="claude", b="gpt")
        (found,) = ballots([subject("t", family=agent_family)], self.verdicts, members, RUBRIC)["violation"]
        return found

    def test_allowed_it_votes_and_is_known_as_own(self) -> None:
        ballot = self.ballot("allow")
        assert (ballot.votes, ballot.own_family, ballot.due) == (
            {"a": False, "b": True},
            frozenset("a"),
            frozenset("ab"),
        )

    def test_forbidden_it_is_not_due_and_an_answer_given_before_is_no_vote(self) -> None:
        ballot = self.ballot("forbid")
        assert (ballot.votes, ballot.due) == ({"b": True}, frozenset("b"))

    def test_an_agent_of_unknown_family_is_nobodys_own(self) -> None:
        ballot = self.ballot("forbid", agent_family=None)
        assert (ballot.own_family, ballot.due) == (frozenset(), frozenset("ab"))

    def test_a_judge_without_a_family_has_no_own(self) -> None:
        (ballot,) = ballots([subject("t")], self.verdicts, panel("a", "b", own_family="forbid"), RUBRIC)["violation"]
        assert (ballot.own_family, ballot.due) == (frozenset(), frozenset("ab"))


class TestSequential:
    def ballot(self, *verdicts: Verdict, rules: str = "", family: str | None = None, **fields: object) -> Ballot:
        judges = [
            {"id": name, "kind": "rules", "rules": "strict"}
            if name in rules
            else {"id": name, "kind": "llm", "model": "m", "family": f"family-{name}"}
            for name in "abcd"
        ]
        members = Panel.model_validate({"id": "p", "sequential": {}, "judges": judges, **fields})
        (found,) = ballots([subject("t", family=family)], verdicts, members, RUBRIC)["violation"]
        return found

    def test_judges_that_are_spared_are_not_due(self) -> None:
        said = [answered("t", judge, violation=True, severity=grade) for judge, grade in (("a", 3), ("b", 4))]
        assert self.ballot(*said).due == frozenset("ab")

    def test_what_they_answered_before_is_no_vote(self) -> None:
        said = [answered("t", judge, violation=judge != "c", severity=3) for judge in "abc"]
        assert self.ballot(*said).votes == {"a": True, "b": True}

    def test_without_agreement_all_are_due(self) -> None:
        far = [answered("t", judge, violation=True, severity=grade) for judge, grade in (("a", 3), ("b", 5))]
        apart = [answered("t", judge, violation=judge == "a", severity=2) for judge in "ab"]
        alone = [answered("t", "a", violation=True, severity=3), verdict("t", "b", outcome="error", error="no")]
        for said in (far, apart, alone):
            assert self.ballot(*said).due == frozenset("abcd")

    def test_repeats_agree_by_the_one_vote_they_make(self) -> None:
        first = [answered("t", "a", repeat=n, violation=value, severity=3) for n, value in enumerate([True, False])]
        second = answered("t", "b", violation=True, severity=3)
        assert self.ballot(*first, second).due == frozenset("abcd")
        assert self.ballot(*first, answered("t", "a", repeat=2, violation=True, severity=3), second).due == {"a", "b"}

    def test_rules_do_not_open_and_are_always_due(self) -> None:
        said = [answered("t", judge, violation=True, severity=3) for judge in "bc"]
        assert self.ballot(*said, rules="a").due == frozenset("abc")

    def test_a_barred_judge_does_not_open(self) -> None:
        said = [answered("t", judge, violation=True, severity=3) for judge in "bc"]
        assert self.ballot(*said, family="family-a", own_family="forbid").due == frozenset("bc")
