"""A column of the dataset: its name, its type on the Hub, and what it means to a reader of the card."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from venire.errors import ReleaseError


@dataclass(frozen=True)
class Column:
    """One column.

    Attributes:
        feature: its type, a feature of `datasets`.
        meaning: one sentence for the card.
    """

    name: str
    feature: Any
    meaning: str


def features_of(columns: Iterable[Column]) -> Any:
    """The `datasets.Features` of some columns.

    Raises:
        ReleaseError: two columns have the same name, because a field of the rubric is called like a fixed column.
    """
    from datasets import Features

    features: dict[str, Any] = {}
    for column in columns:
        if column.name in features:
            raise ReleaseError(
                f"the dataset would have two columns called '{column.name}'",
                hint="Rename the field in the rubric: its name is that of a column every dataset has.",
            )
        features[column.name] = column.feature
    return Features(features)


def text(name: str, meaning: str) -> Column:
    """A column of text."""
    from datasets import Value

    return Column(name, Value("string"), meaning)


def integer(name: str, meaning: str) -> Column:
    """A column of whole numbers."""
    from datasets import Value

    return Column(name, Value("int64"), meaning)


def flag(name: str, meaning: str) -> Column:
    """A column of true and false."""
    from datasets import Value

    return Column(name, Value("bool"), meaning)


def choice(name: str, values: Iterable[str], meaning: str) -> Column:
    """A column whose values are some known words."""
    from datasets import ClassLabel

    return Column(name, ClassLabel(names=list(values)), meaning)
