"""What a released dataset says of itself: the `release` section of a study."""

from pydantic import BaseModel, ConfigDict


class Release(BaseModel):
    """Settings of a release.

    Attributes:
        title: the dataset's name for people; the study's name if not given.
        license: the identifier the Hub uses, for example `mit` or `cc-by-4.0`; `unknown` is said so in the card.
        description: a paragraph on where the transcripts came from.
        authors: names.
        language: codes such as `en`.
        tags: for the Hub's search.
        source_datasets: what the transcripts were taken from, as names or addresses.
        synthetic: whether the transcripts were written for the purpose and no model ran.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = ""
    license: str = "unknown"
    description: str = ""
    authors: tuple[str, ...] = ()
    language: tuple[str, ...] = ("en",)
    tags: tuple[str, ...] = ()
    source_datasets: tuple[str, ...] = ()
    synthetic: bool = False
