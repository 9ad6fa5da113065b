"""What all requests of one judge have in common: its settings, its key, and the form of its answers."""

import json
import math
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, Final, Self

from venire.grade.answer_form import AnswerForm
from venire.grade.budget import Budget, Reservation
from venire.grade.failure import Failure
from venire.grade.gate import Gate
from venire.grade.keys import Scrubber, api_key
from venire.grade.price import worst_case_usd
from venire.grade.reply import read_reply
from venire.grade.tokens import count_tokens, token_margin
from venire.panel import LlmJudge, judge_family
from venire.text import one_line

_MESSAGE_WIDTH: Final = 500
# Tokens around a message that its text does not show.
_MESSAGE_TOKENS = 10
# The fewest bytes of UTF-8 that a text has for each token, as a rule.
_TOKEN_BYTES = 3


@dataclass(frozen=True)
class WorstCase:
    """What a request may take at most.

    Attributes:
        tokens: prompt and answer, estimated; 0 where nobody needs to know.
        usd: None where nobody needs to know.
    """

    tokens: int = 0
    usd: float | None = None


@dataclass(frozen=True)
class Asker:
    """A judge, ready to be asked.

    Attributes:
        key: the API key; None where litellm finds the credentials itself.
        scrubber: takes the keys of the whole panel out of what comes back.
        gate: before the judge's provider.
        budget: of the whole run; None where there is no limit.
    """

    judge: LlmJudge
    form: AnswerForm
    key: str | None
    scrubber: Scrubber
    gate: Gate
    budget: Budget | None = None

    @classmethod
    def for_each(
        cls,
        judges: Sequence[LlmJudge],
        form: AnswerForm,
        environ: Mapping[str, str],
        gates: Mapping[str, Gate],
        budget: Budget | None = None,
    ) -> tuple[Self, ...]:
        """One for each judge.

        Args:
            judges: who is asked.
            form: of their answers.
            environ: where their keys are.
            gates: by judge id.
            budget: of all of them together.
        """
        scrubber = Scrubber(judges, environ)
        return tuple(cls(judge, form, api_key(judge, environ), scrubber, gates[judge.id], budget) for judge in judges)

    @cached_property
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

    def worst_case(self, messages: list[dict[str, Any]]) -> WorstCase:
        """What a request with these messages may take at most."""
        if self.budget is None and not self.gate.counts_tokens:
            return WorstCase()
        texts = [text for message in messages for text in _texts(message["content"])]
        if self.budget is None:
            prompt = sum(len(text.encode()) // _TOKEN_BYTES + _MESSAGE_TOKENS for text in texts)
            return WorstCase(prompt + self.judge.max_tokens)
        # Counting takes milliseconds, which a hard limit is worth.
        counted = self._form_tokens + sum(count_tokens(text) + _MESSAGE_TOKENS for text in texts)
        prompt = math.ceil(counted * token_margin(judge_family(self.judge)))
        usd = worst_case_usd(self.judge, prompt, self.judge.max_tokens)
        return WorstCase(prompt + self.judge.max_tokens, usd)

    async def reserve(self, cost: WorstCase) -> AbstractContextManager[Reservation | None]:
        """Set money apart for a request; None where there is no budget.

        Raises:
            BudgetExhausted: there is none for it.
        """
        return nullcontext() if self.budget is None else await self.budget.reserve(cost.usd)

    @cached_property
    def _form_tokens(self) -> int:
        return count_tokens(json.dumps(self.form.response_format))

    def scrubbed(self, failure: Failure) -> Failure:
        """The failure, its message without keys and on one line; cut before, it could end within a key."""
        return replace(failure, message=one_line(self.scrubber.scrub(failure.message), _MESSAGE_WIDTH))

    def scrubbed_reply(self, response: Any) -> tuple[Any, str]:
        """The reply and its JSON text, with no key in them."""
        text = response.model_dump_json()
        clean = self.scrubber.scrub(text)
        return (response if clean == text else read_reply(clean)), clean


def _texts(content: str | list[dict[str, Any]]) -> list[str]:
    return [content] if isinstance(content, str) else [part["text"] for part in content]
