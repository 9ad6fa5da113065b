"""What collecting did not bring stands on the page, first of all what could not be read."""

from tests.report.records import PROVENANCE, two_agents
from venire.collection import CollectionReport, Duplicate, Malformed
from venire.report import render_html
from venire.report.collection_table import collection_table, malformed_sentence

NOTHING = CollectionReport(
    transcripts=1, missing=(), malformed=(), duplicates=(), ignored={}, formats={"chat": 1}, bytes_read=10
)
BROKEN = Malformed(path="runs/<b>.jsonl", position="line 7", cause="not valid JSON")


def test_each_thing_that_is_not_there_is_named_with_its_place_and_cause() -> None:
    report = NOTHING.model_copy(
        update={
            "malformed": (BROKEN,),
            "missing": ("a-mandated/Bridge",),
            "duplicates": (Duplicate(path="copy.txt", same_as="one.txt"),),
            "ignored": {".csv": 3},
        }
    )
    table = collection_table(report)
    assert [(group.name, group.rows) for group in table.groups] == [
        ("not read", (("runs/<b>.jsonl", "line 7: not valid JSON"),)),
        ("missing", (("a-mandated/Bridge", "the run is known of but has no transcript"),)),
        ("collected once", (("copy.txt", "repeats one.txt"),)),
        ("ignored", (("3 files .csv", "no format venire reads"),)),
    ]


def test_nothing_lost_is_said_in_words() -> None:
    assert collection_table(NOTHING).groups == ()
    assert malformed_sentence(NOTHING) == ""


def test_a_long_list_is_cut_with_a_count_and_the_file_that_has_all() -> None:
    many = tuple(BROKEN.model_copy(update={"position": f"line {number}"}) for number in range(150))
    (group,) = collection_table(NOTHING.model_copy(update={"malformed": many})).groups
    assert len(group.rows) == 101
    assert group.rows[-1] == ("and 50 more", "all are in transcripts/collection.json")


def test_the_page_begins_with_what_could_not_be_read_and_escapes_names() -> None:
    report = NOTHING.model_copy(update={"malformed": (BROKEN,)})
    page = render_html(two_agents(), title="t", provenance=PROVENANCE, collection=report)
    assert page.index("1 transcript could not be read") < page.index("In short")
    assert "runs/&lt;b&gt;.jsonl" in page
    assert "<b>" not in page
