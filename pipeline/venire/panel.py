"""A panel: the judges that grade, each of one kind."""

from pathlib import Path
from typing import Annotated, Any, Final, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

from venire.condition import Condition
from venire.errors import PanelError
from venire.family import family_of
from venire.hashing import hash_value
from venire.yaml_model import read_yaml_model

_JUDGE_ID: Final = r"^[A-Za-z0-9][A-Za-z0-9._-]*$"
# Parameters that have a place of their own in the panel, or that would change what the engine must control itself.
_RESERVED_PARAMETERS: Final = frozenset(
    {"api_key", "messages", "model", "tools", "tool_choice", "response_format", "stream", "n", "timeout",
     "max_retries", "num_retries", "max_tokens", "max_completion_tokens", "temperature", "api_base", "base_url"}
)  # fmt: skip

# What paces or prices the calls, or is said of a judge beside its question. Tables are hashed by their content.
_NOT_ASKED: Final = frozenset(
    {"concurrency", "timeout_s", "deadline_s", "tries", "price", "prompt_cache", "repeats", "family", "agent", "voting",
     "api_key_env", "wide", "table"}
)  # fmt: skip


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _JudgeBase(_Strict):
    """What every judge has.

    Attributes:
        family: the model family, to tell whether an agent is of the judge's own; from the model's name if not given.
        agent: the agent that this judge is, as the transcripts name it: its verdicts on that agent are
            self-judgements.
        voting: false for a judge that is asked about itself only and is no member of the panel.
    """

    id: str = Field(pattern=_JUDGE_ID)
    family: str | None = None
    agent: str | None = None
    voting: bool = True


class RulesJudge(_JudgeBase):
    """A deterministic judge that needs no key and no network: a baseline and a triage tool.

    Attributes:
        rules: the name of a set of rules (see docs/judges.md).
    """

    kind: Literal["rules"]
    rules: str


class WideTable(_Strict):
    """Two tables in ODCV-Bench's layout: a column for each `<model>-<condition>`, a row for each scenario.

    Attributes:
        scores: CSV of severities; `N/A` is no verdict.
        reasons: CSV of the same layout with the judge's reasons.
    """

    scores: str
    reasons: str | None = None


class RecordedJudge(_JudgeBase):
    """A judge whose verdicts were made elsewhere and are imported.

    Attributes:
        wide: tables in ODCV-Bench's layout.
        table: CSV, JSONL or Parquet files with a row per verdict (see docs/recorded-verdicts.md).
        as_judge: the name of this judge in the `judge` column of `table`; its id if not given.
        derive: fields that follow from others, for example `violation: severity >= 3`.
        where paths are relative, they are so to the file that names the judge.
    """

    kind: Literal["recorded"]
    wide: tuple[WideTable, ...] = ()
    table: tuple[str, ...] = ()
    as_judge: str | None = None
    derive: dict[str, Condition] = {}

    @model_validator(mode="after")
    def _has_one_source(self) -> Self:
        if bool(self.wide) == bool(self.table):
            raise ValueError(f"judge '{self.id}': give either 'wide' or 'table'")
        return self


class Price(_Strict):
    """US dollars per million tokens; overrides litellm's price map.

    Attributes:
        cached_input: of input read from the provider's cache; that of other input if not given.
        cache_write: of input written to the provider's cache, which Anthropic bills higher; that of other input if not
            given.
    """

    input: float = Field(ge=0)
    output: float = Field(ge=0)
    cached_input: float | None = Field(default=None, ge=0)
    cache_write: float | None = Field(default=None, ge=0)


class LlmJudge(_JudgeBase):
    """A language model, asked through litellm.

    Attributes:
        model: litellm's name for it, for example `anthropic/claude-opus-4-7`.
        api_base: the server's address, for a local or compatible server.
        api_key_env: the environment variable that holds the key; the provider's usual one if not given. `none` for a
            server that needs no key.
        temperature: left out of the request if not given: several reasoning models refuse it.
        max_tokens: the longest answer, reasoning included.
        parameters: anything else litellm passes on, for example `reasoning_effort: low`.
        repeats: how many times each transcript is judged.
        concurrency: requests in flight at once.
        timeout_s: seconds for one attempt, from the first byte sent to the last received.
        tries: attempts at most when a request fails in a way that may pass (rate limit, server error, time-out).
        repairs: how often an answer that breaks the rubric is asked for again; each is a different prompt, and the
            verdict is marked as repaired.
        context_tokens: the longest prompt the model takes, in tokens.
        price: overrides litellm's price map.
        deadline_s: seconds for one verdict at most, all its attempts and waits included.
        blind: whether names of models and marks of vendors are replaced in what the judge is shown.
        long_transcripts: `windows` shows a transcript that does not fit `context_tokens` with the middle of its
            largest tool outputs left out, and if need be in overlapping pieces whose answers are merged; `refuse` gives
            it the outcome too_long.
        recheck_evidence: whether a violation without one quote that is in the transcript is asked about once more.
        prompt_cache: whether requests are marked for the provider's prompt cache, which changes no answer.
    """

    kind: Literal["llm"]
    model: str = Field(min_length=1)
    api_base: str | None = None
    api_key_env: str | None = None
    temperature: float | None = Field(default=None, ge=0)
    max_tokens: int = Field(default=4096, ge=1)
    parameters: dict[str, JsonValue] = {}
    repeats: int = Field(default=1, ge=1)
    concurrency: int = Field(default=8, ge=1)
    timeout_s: float = Field(default=180, gt=0)
    tries: int = Field(default=5, ge=1)
    repairs: int = Field(default=1, ge=0)
    context_tokens: int | None = Field(default=None, ge=1)
    price: Price | None = None
    deadline_s: float = Field(default=3600, gt=0)
    blind: bool = False
    long_transcripts: Literal["windows", "refuse"] = "windows"
    recheck_evidence: bool = False
    prompt_cache: bool = True

    @model_validator(mode="after")
    def _no_reserved_parameters(self) -> Self:
        for name in self.parameters:
            if name in _RESERVED_PARAMETERS:
                raise ValueError(f"judge '{self.id}': '{name}' does not go under parameters; see docs/judges.md")
        return self


class SelfJudge(LlmJudge):
    """The agent's own model, asked later about the agent's own transcripts and no others; it has no vote.

    Attributes:
        agent: which agent it is, as the transcripts name it.
    """

    kind: Literal["self"]  # type: ignore[assignment]
    agent: str
    voting: Literal[False] = False


class ProviderLimit(_Strict):
    """What a provider allows one key, over all judges that use it.

    Attributes:
        provider: the first part of the judges' `model` (`anthropic`, `openai`), or their `api_base`.
        requests_per_minute, tokens_per_minute: None where there is no such limit.
        in_flight: requests at once, over all judges; the engine finds out by itself how many of them the provider
            takes.
    """

    provider: str = Field(min_length=1)
    requests_per_minute: int | None = Field(default=None, ge=1)
    tokens_per_minute: int | None = Field(default=None, ge=1)
    in_flight: int | None = Field(default=None, ge=1)


class Sequential(_Strict):
    """Asking in turn: two judges open, and the others are asked only where the two do not agree on `violation`.

    Attributes:
        severity_within: how far apart their severities may be that still agree.
    """

    severity_within: int = Field(default=1, ge=0)


Judge = Annotated[RulesJudge | RecordedJudge | LlmJudge | SelfJudge, Field(discriminator="kind")]


class Panel(_Strict):
    """A panel file; `judges/` has those that ship.

    Attributes:
        own_family: whether a judge may grade an agent of its own family. `allow` asks it (and lets the settling policy
            leave its vote out); `forbid` does not ask it at all.
        sequential: spares judges of kind `llm` where the first two agree (see `venire.sequential`); None asks all.
        judges: in the order in which tables show them.
        limits: what providers allow.
    """

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    description: str = ""
    own_family: Literal["allow", "forbid"] = "allow"
    sequential: Sequential | None = None
    judges: tuple[Judge, ...] = Field(min_length=1)
    limits: tuple[ProviderLimit, ...] = ()

    @model_validator(mode="after")
    def _ids_differ(self) -> Self:
        names = [judge.id for judge in self.judges]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two judges are called '{twice[0]}'")
        if "panel" in names:
            raise ValueError("no judge may be called 'panel': tables use the word for the settled labels")
        if not any(judge.voting for judge in self.judges):
            raise ValueError("no judge of the panel votes")
        return self

    def voting(self) -> tuple[Judge, ...]:
        """The members whose answers are votes."""
        return tuple(judge for judge in self.judges if judge.voting)

    def bars(self, judge: Judge, agent_family: str | None) -> bool:
        """Whether a member may not grade agents of that family: it is its own, and the panel forbids that.

        A judge that does not vote is never barred: it may be there to be asked about itself.
        """
        family = judge_family(judge)
        return self.own_family == "forbid" and judge.voting and family is not None and family == agent_family


def judge_family(judge: Judge) -> str | None:
    """The judge's model family: as given, or from the name of its model."""
    if judge.family is not None:
        return judge.family
    return family_of(judge.model) if isinstance(judge, LlmJudge) else None


def judge_hash(judge: Judge, *, content: str = "") -> str:
    """The SHA-256 of what decides a judge's answer: its definition without what only paces or prices the calls.

    Settings at their defaults are left out, so that a setting which a later version adds changes no hash.

    Args:
        judge: the judge.
        content: the hash of what the judge answers from besides its definition: recorded tables, or a rule set.
    """
    definition: dict[str, Any] = judge.model_dump(mode="json", exclude=set(_NOT_ASKED), exclude_defaults=True)
    return hash_value({"judge": definition, "content": content})


def read_panel(path: Path) -> Panel:
    """A panel from its file.

    Raises:
        PanelError: the file is missing or is not a panel; the message names the line.
    """
    return read_yaml_model(path, Panel, PanelError)
