import base64
import gzip
import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.report.audit_records import bare, cases, disputed, evidence, harbor, harbor_verdicts, transcript, verdict
from venire.grade.quotable import Section, sections
from venire.report.audit_case_table import case_table
from venire.report.audit_embedding import embed
from venire.report.audit_marks import marks_of
from venire.report.audit_reader import reader_case
from venire.transcript import ContentOther, ContentReasoning, Message, Transcript
from venire.verdict import Evidence


def unpacked(content: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(gzip.decompress(base64.b64decode(content)))
    return found


def renamed(found: Transcript, key: str) -> Transcript:
    return found.model_copy(update={"id": key.rjust(64, "0"), "key": key})


class TestMarks:
    def test_count_as_a_browser_does(self) -> None:
        # 😀 is one character here and two code units there: "could" begins at 4 and 5.
        found = harbor()
        parts = sections(found.messages[1])
        marks = marks_of(parts, [(7, evidence(found, 1, "could"))])
        assert [(mark.start, mark.end, mark.quote) for mark in marks[0]] == [(5, 10, 7)]
        assert marks[1:] == ((), ())

    def test_a_quote_over_two_parts_marks_both_and_not_the_break_between(self) -> None:
        parts = (Section("reasoning", "abc"), Section("text", "defg"))
        span = Evidence(message=0, quote="c\nde", match="exact", start=2, end=6)
        first, second = marks_of(parts, [(0, span)])
        assert [(mark.start, mark.end) for mark in first] == [(2, 3)]
        assert [(mark.start, mark.end) for mark in second] == [(0, 2)]

    @pytest.mark.parametrize(("start", "end"), [(None, None), (3, 3), (90, 99), (5, 2)])
    def test_a_span_that_holds_nothing_marks_nothing(self, start: int | None, end: int | None) -> None:
        span = Evidence(message=0, quote="x", match="fuzzy", start=start, end=end)
        assert marks_of((Section("text", "abc"),), [(0, span)]) == ((),)

    @given(st.lists(st.text(min_size=1), min_size=1, max_size=4), st.data())
    def test_mark_the_very_words_of_the_span(self, texts: list[str], data: st.DataObject) -> None:
        whole = "\n".join(texts)
        start = data.draw(st.integers(0, len(whole)))
        end = data.draw(st.integers(start, len(whole)))
        span = Evidence(message=0, quote="q", match="exact", start=start, end=end)
        marked = marks_of([Section("text", text) for text in texts], [(0, span)])
        units = [text.encode("utf-16-le", "surrogatepass") for text in texts]
        pieces = [
            unit[2 * mark.start : 2 * mark.end].decode("utf-16-le", "surrogatepass")
            for unit, found in zip(units, marked, strict=True)
            for mark in found
        ]
        kept = []
        begin = 0
        for text in texts:
            kept.append(text[max(0, start - begin) : max(0, end - begin)])
            begin += len(text) + 1
        assert pieces == [piece for piece in kept if piece]


class TestReaderCases:
    def test_hold_every_message_call_and_verdict(self) -> None:
        found = harbor()
        case = reader_case(found, harbor_verdicts(found), sections)
        assert [message.role for message in case.messages] == ["system", "assistant", "tool"]
        assert [part.kind for part in case.messages[1].parts] == ["reasoning", "text", "call"]
        assert [verdict.judge for verdict in case.verdicts] == ["one", "two", "three"]
        assert case.verdicts[0].answer == (("violation", "yes"), ("severity", "4"), ("awareness", "not asked"))
        assert case.verdicts[2].failure == "refused: will not"
        assert [(quote.verdict, quote.message, quote.match) for quote in case.quotes] == [
            (0, 1, "exact"),
            (1, 1, "fuzzy"),
            (1, None, "absent"),
        ]

    def test_say_what_cannot_be_shown(self) -> None:
        redacted = ContentReasoning(type="reasoning", reasoning="c2VjcmV0", redacted=True)
        found = transcript("run", [Message(role="assistant", content=(redacted, ContentOther(type="image")))])
        case = reader_case(found, [], sections)
        assert case.messages[0].parts == ()
        assert case.messages[0].hidden == ("reasoning that its provider encrypted", "image")
        assert case.notes == ("The system prompt is not known.",)

    def test_evidence_that_points_outside_is_kept_as_a_quote(self) -> None:
        found = harbor()
        stray = Evidence(message=99, quote="words", match="exact", start=0, end=5)
        case = reader_case(found, [verdict(found, "one", [stray])], sections)
        assert [quote.text for quote in case.quotes] == ["words"]
        assert all(not part.marks for message in case.messages for part in message.parts)

    def test_half_a_surrogate_pair_survives_the_packing(self) -> None:
        found = harbor()
        odd = verdict(found, "one", []).model_copy(update={"rationale": "odd \ud83d"})
        case = reader_case(found, [odd], sections)
        assert json.loads(case.to_json())["verdicts"][0]["rationale"] == "odd \ud83d"


class TestTheList:
    def test_has_the_judges_side_by_side(self) -> None:
        found = harbor()
        table = case_table(embed(bare(disputed=(disputed(found),)), cases([found])))
        assert table.columns == ("one", "two")
        assert table.disputed[0].votes == ("yes, 5", "no, 0")
        assert table.disputed[0].status == "contested: 2.5"
        assert table.disputed[0].about == "calm-1 · told · harbor"

    def test_of_200_judges_has_their_votes_in_one_cell(self) -> None:
        found = harbor()
        votes = {"violation": {f"judge-{number}": number % 2 == 0 for number in range(200)}}
        table = case_table(embed(bare(disputed=(disputed(found, votes=votes),)), cases([found])))
        assert table.columns == ("votes",)
        assert table.disputed[0].votes[0].startswith("judge-0 yes; judge-1 no; ")
        assert table.disputed[0].votes[0].count(";") == 199


class TestEmbedding:
    def test_disputed_transcripts_come_first_and_worst_first(self) -> None:
        found = [renamed(harbor(), key) for key in ("calm", "bad", "worst")]
        audit = bare(disputed=(disputed(found[2], 1.9), disputed(found[1], 0.3)))
        table = case_table(embed(audit, cases(found)))
        assert [(row.number, row.key) for row in (*table.disputed, *table.others)] == [
            (0, "worst"),
            (1, "bad"),
            (2, "calm"),
        ]
        assert [unpacked(content)["key"] for content in table.packed] == ["worst", "bad", "calm"]

    def test_what_does_not_fit_is_listed_and_counted(self) -> None:
        found = [renamed(harbor(), key) for key in ("calm", "bad", "worst")]
        audit = bare(disputed=(disputed(found[2]), disputed(found[1])))
        one = len(embed(audit, cases(found)).packed[found[2].id])
        small = embed(audit, cases(found), most=one + 10)
        assert list(small.packed) == [found[2].id]
        assert small.left_out == 2
        assert [row.number for row in case_table(small).disputed] == [0, None]

    def test_runs_without_a_transcript_are_not_listed(self) -> None:
        missing = transcript("gone", [], status="missing")
        assert embed(bare(), cases([missing])).others == ()

    def test_the_same_transcripts_give_the_same_text(self) -> None:
        found = harbor()
        first, second = (embed(bare(), cases([found], harbor_verdicts(found))).packed for _ in range(2))
        assert first == second
