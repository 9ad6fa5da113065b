"""Labels come back from Parquet as they were, whatever the type of their value."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.label import Label
from venire.label_table import read_labels, write_labels

values = st.booleans() | st.integers(-(2**53), 2**53) | st.floats(allow_nan=False, allow_infinity=False) | st.text()
labels = st.builds(
    Label,
    transcript_id=st.text(),
    field=st.text(),
    value=st.none() | values,
    votes=st.dictionaries(st.text(), values, max_size=4),
    left_out=st.lists(st.text(), max_size=2).map(tuple),
    policy=st.text(),
    status=st.sampled_from(["unanimous", "majority", "contested", "incomplete", "adjudicated"]),
)


@given(written=st.lists(labels, max_size=4))
def test_the_round_trip_keeps_values_and_their_types(
    tmp_path_factory: pytest.TempPathFactory, written: list[Label]
) -> None:
    path = tmp_path_factory.mktemp("labels") / "labels.parquet"
    write_labels(path, written)
    read = list(read_labels(path))
    assert read == written
    assert [repr(label.value) for label in read] == [repr(label.value) for label in written]
