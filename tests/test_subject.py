"""A subject is a transcript without its messages, found by key and by id."""

from tests.builders import transcript, user
from venire.subject import Subject, ids_by_name


def test_a_subject_says_of_its_transcript_all_but_the_messages() -> None:
    whole = transcript(user("hi"), agent="GPT-5.5", scenario="s", condition="c", run="2")
    subject = Subject.of(whole)
    assert (subject.id, subject.key, subject.agent, subject.family) == (whole.id, whole.key, "GPT-5.5", "gpt")
    assert (subject.scenario, subject.condition, subject.run, subject.missing) == ("s", "c", "2", False)
    assert Subject.of(transcript(status="missing")).missing


def test_tables_may_name_a_transcript_by_key_or_id() -> None:
    subject = Subject.of(transcript(user("hi"), key="run-1"))
    assert ids_by_name([subject]) == {"run-1": subject.id, subject.id: subject.id}
