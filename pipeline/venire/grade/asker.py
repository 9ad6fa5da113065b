"""What all requests of one judge have in common: its settings, its key, and the form of its answers."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Self

from venire.grade.answer_form import AnswerForm
from venire.grade.failure import Failure
from venire.grade.keys import Scrubber, api_key
from venire.grade.reply import read_reply
from venire.panel import LlmJudge


@dataclass(frozen=True)
class Asker:
    """A judge, ready to be asked.

    Attributes:
        key: the API key; None where litellm finds the credentials itself.
        scrubber: takes the keys of the whole panel out of what comes back.
    """

    judge: LlmJudge
    form: AnswerForm
    key: str | None
    scrubber: Scrubber

    @classmethod
    def for_each(cls, judges: Iterable[LlmJudge], form: AnswerForm, environ: Mapping[str, str]) -> tuple[Self, ...]:
        """One for each judge."""
        judges = tuple(judges)
        scrubber = Scrubber(judges, environ)
        return tuple(cls(judge, form, api_key(judge, environ), scrubber) for judge in judges)

    def settings(self) -> dict[str, Any]:
        """The arguments of litellm's `acompletion`, all but the messages.

        The retries of litellm and of the provider's own library are off, and no parameter is dropped in silence.
        """
        judge = self.judge
        optional = {"temperature": judge.temperature, "api_base": judge.api_base, "api_key": self.key}
        return {
            **judge.parameters,
            **{name: value for name, value in optional.items() if value is not None},
            "model": judge.model,
            "max_tokens": judge.max_tokens,
            "response_format": self.form.response_format,
            "timeout": judge.timeout_s,
            "max_retries": 0,
            "num_retries": 0,
            "drop_params": False,
        }

    def scrubbed(self, failure: Failure) -> Failure:
        """The failure, with no key in its message."""
        return replace(failure, message=self.scrubber.scrub(failure.message))

    def scrubbed_reply(self, response: Any) -> Any:
        """The reply, with no key in it."""
        text = response.model_dump_json()
        clean = self.scrubber.scrub(text)
        return response if clean == text else read_reply(clean)
