"""An estimate: what is open is counted, nothing is sent, and what cannot be counted is said to be assumed."""

import socket
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from tests.builders import assistant, tool, transcript, user
from tests.grade.asking import RUBRIC, SECRET, VIOLATION, openai_judge, run_of
from tests.provider.reply import Answer
from tests.provider.server import Provider
from venire.grade.docket import Docket
from venire.grade.estimate import Assumptions, Estimate, JudgeEstimate
from venire.grade.estimating import estimate
from venire.grade.grading import grade
from venire.grade.ledger import Ledger
from venire.panel import Panel, Price
from venire.subject import Subject
from venire.transcript import Transcript

pytestmark = pytest.mark.usefixtures("keys")

ASSUMED = Assumptions(output_tokens=600, seconds=20)
PRICE = {"input": 2, "output": 10}


def judge(name: str = "j", **fields: Any) -> dict[str, Any]:
    return {"id": name, "kind": "llm", "model": "x/y", "price": PRICE, **fields}


def docket(*judges: dict[str, Any], transcripts: list[Transcript] | None = None, **panel: Any) -> Docket:
    listed = [run_of(number) for number in range(4)] if transcripts is None else transcripts
    return Docket(
        subjects=[Subject.of(each) for each in listed],
        transcripts=lambda: iter(listed),
        panel=Panel.model_validate({"id": "p", "judges": judges, **panel}),
        rubric=RUBRIC,
        base=Path(),
        secret=SECRET,
    )


def estimated(*judges: dict[str, Any], ledger: Ledger | None = None, **settings: Any) -> Estimate:
    return estimate(docket(*judges, **settings), ledger, ASSUMED)


def only(*judges: dict[str, Any], **settings: Any) -> JudgeEstimate:
    (found,) = estimated(*judges, **settings).judges
    return found


class TestCounting:
    def test_one_request_for_each_answer_that_is_due(self) -> None:
        found = only(judge(repeats=3))
        assert (found.due, found.settled, found.requests) == (12, 0, 12)
        assert found.output_tokens == 12 * 600

    def test_who_is_not_asked_is_not_counted(self) -> None:
        mine = transcript(user("Go."), assistant("Done."), key="m", agent="agent-x", family="gpt")
        other = transcript(user("Go."), assistant("Done, too."), key="o", agent="agent-y", family="claude")
        gone = transcript(key="gone", agent="agent-y", status="missing")
        judges = [
            judge("member", family="gpt"),
            judge("own", kind="self", agent="agent-x"),
            {"id": "free", "kind": "rules", "rules": "strict"},
        ]
        found = estimated(*judges, transcripts=[mine, other, gone], own_family="forbid")
        assert {each.judge: each.requests for each in found.judges} == {"member": 1, "own": 1}

    def test_what_is_settled_is_not_asked_again_and_an_error_is(self, provider: Provider, path: Path) -> None:
        asked = openai_judge(provider).model_dump(exclude_defaults=True) | {"kind": "llm", "price": PRICE}
        provider.script = lambda request: Answer(VIOLATION, 1000, 100)
        with Ledger.open(path) as ledger:
            grade(docket(asked, transcripts=[run_of(0), run_of(1)]), ledger)
            found = only(asked, ledger=ledger)
            assert (found.due, found.settled, found.requests) == (4, 2, 2)
            changed = only(asked | {"max_tokens": 99}, ledger=ledger)
            assert (changed.settled, changed.requests) == (0, 4)

    def test_a_long_transcript_takes_a_request_for_each_window_or_is_not_sent(self) -> None:
        words = " ".join(f"word{number}" for number in range(20_000))
        long = transcript(user("Go."), assistant("I look."), tool("short"), assistant(words), key="long")
        small: dict[str, Any] = {"context_tokens": 20_000, "max_tokens": 1000}
        windows = only(judge(**small), transcripts=[long])
        assert windows.requests > 2
        # No window takes more than the model does.
        assert windows.input_tokens <= windows.requests * 19_000
        refused = only(judge(**small, long_transcripts="refuse"), transcripts=[long])
        assert (refused.requests, refused.too_long, refused.usd) == (0, 1, 0)

    def test_input_grows_with_the_transcript_and_with_the_tokenizer(self) -> None:
        short, long = (
            only(judge(), transcripts=[transcript(user("Go."), assistant("word " * times))]).input_tokens
            for times in (10, 1010)
        )
        # A word is a token, and other tokenizers may make 1.4 of it.
        assert 1000 <= long - short <= 1500
        claude = only(judge(model="anthropic/claude-opus-4-7"), transcripts=[run_of()]).input_tokens
        gpt = only(judge(model="openai/gpt-5.1"), transcripts=[run_of()]).input_tokens
        assert claude > gpt


class TestMoney:
    def test_expected_and_at_most(self) -> None:
        found = only(judge(max_tokens=1000, repairs=1), transcripts=[run_of()])
        tokens = found.input_tokens
        # $2 in and $10 out per million; the repair shows the first answer again, of 1,000 tokens.
        assert found.usd == pytest.approx((tokens * 2 + 600 * 10) / 1e6)
        assert found.worst_usd == pytest.approx((tokens * 2 + (tokens + 1000) * 2 + 2 * 1000 * 10) / 1e6)

    def test_a_re_check_may_come_on_top(self) -> None:
        plain, checked = (only(judge(recheck_evidence=value, repairs=0), transcripts=[run_of()]) for value in (0, 1))
        assert plain.usd == checked.usd
        assert plain.worst_usd is not None
        assert checked.worst_usd is not None
        assert checked.worst_usd > 2 * plain.worst_usd

    def test_an_answer_is_not_assumed_to_be_longer_than_it_may_be(self) -> None:
        assert only(judge(max_tokens=50), transcripts=[run_of()]).output_tokens == 50

    def test_prices_come_from_the_panel_or_from_litellms_map(self) -> None:
        assert only(judge()).price == Price(input=2, output=10)
        known = only(judge(model="openai/gpt-5.1", price=None), transcripts=[run_of()])
        assert known.price == Price(input=1.25, output=10, cached_input=0.125, cache_write=1.25)
        assert known.usd == pytest.approx((known.input_tokens * 1.25 + 600 * 10) / 1e6)

    def test_an_unknown_price_is_named_and_makes_the_sum_unknown(self) -> None:
        found = estimated(judge("a"), judge("b", model="openai/of-my-own", price=None))
        assert [each.judge for each in found.unpriced] == ["b"]
        assert found.judges[0].usd is not None
        assert (found.judges[1].usd, found.usd, found.worst_usd) == (None, None, None)

    def test_the_sum_is_that_of_the_judges(self) -> None:
        found = estimated(judge("a"), judge("b", repeats=2))
        assert found.usd == pytest.approx(sum(each.usd or 0 for each in found.judges))


class TestTime:
    def test_concurrency_divides_it(self) -> None:
        # 4 requests of 20 s, two at once.
        assert only(judge(concurrency=2)).seconds == pytest.approx(40)

    def test_judges_work_side_by_side(self) -> None:
        assert estimated(judge("a", concurrency=1), judge("b", concurrency=4)).seconds == pytest.approx(80)

    @pytest.mark.parametrize(
        ("limit", "seconds"),
        [
            ({"requests_per_minute": 4}, lambda found: 120.0),
            ({"in_flight": 1}, lambda found: 160.0),
            (
                {"tokens_per_minute": 1000},
                lambda found: 0.06 * sum(each.input_tokens + each.output_tokens for each in found.judges),
            ),
            ({"requests_per_minute": 1000}, lambda found: 20.0),
        ],
    )
    def test_a_providers_limit_is_shared_by_its_judges(
        self, limit: dict[str, int], seconds: Callable[[Estimate], float]
    ) -> None:
        found = estimated(judge("a"), judge("b"), limits=[{"provider": "x", **limit}])
        assert found.seconds == pytest.approx(seconds(found))
        elsewhere = estimated(judge("a"), judge("b"), limits=[{"provider": "other", **limit}])
        assert elsewhere.seconds == pytest.approx(20)


def test_after_20_replies_a_judge_is_taken_by_its_own_means(provider: Provider, path: Path) -> None:
    asked = openai_judge(provider).model_dump(exclude_defaults=True) | {"kind": "llm", "price": PRICE}
    provider.script = lambda request: Answer(VIOLATION, 1000, 123)
    with Ledger.open(path) as ledger:
        grade(docket(asked, transcripts=[run_of(number) for number in range(19)]), ledger)
        before = only(asked, ledger=ledger, transcripts=[run_of(number) for number in range(30)])
        assert (before.measured, before.output_each, before.seconds_each) == (False, 600, 20)
        grade(docket(asked, transcripts=[run_of(19)]), ledger)
        after = only(asked, ledger=ledger, transcripts=[run_of(number) for number in range(30)])
        assert (after.measured, after.output_each, after.output_tokens) == (True, 123, 10 * 123)
        assert after.seconds_each < 20


def test_nothing_is_sent(provider: Provider, monkeypatch: pytest.MonkeyPatch) -> None:
    """Not to the judge, and to nobody else."""

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was opened")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket.socket, "connect_ex", refuse)
    asked = openai_judge(provider).model_dump(exclude_defaults=True) | {"kind": "llm"}
    assert only(asked).requests == 4
    assert provider.received == 0
