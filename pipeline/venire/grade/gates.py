"""One gate for each provider and key of a panel; all judges that use the same key pass the same gate."""

import math
from collections.abc import Iterable, Sequence

from venire.grade.gate import Gate
from venire.grade.keys import key_variable, provider_of
from venire.panel import LlmJudge, ProviderLimit

# The provider, the server's address, and where the key is.
_Account = tuple[str, str | None, str | None]


def gates_for(judges: Sequence[LlmJudge], limits: Iterable[ProviderLimit]) -> dict[str, Gate]:
    """The gate of each judge, by its id. A limit that names a server's address goes before one that names a provider.

    A gate holds as many requests as its judges' `concurrency` comes to, or fewer if the limit says so.
    """
    by_name = {limit.provider: limit for limit in limits}
    accounts = {judge.id: _account(judge) for judge in judges}
    gates = {
        account: Gate(_concurrency(judges, account), by_name.get(account[1] or "", by_name.get(account[0])))
        for account in set(accounts.values())
    }
    return {name: gates[account] for name, account in accounts.items()}


def share_of(limit: ProviderLimit, processes: int) -> ProviderLimit:
    """What one of several processes may use of a limit: an equal part, rounded down, but at least 1."""
    shares = {
        name: None if value is None else max(1, math.floor(value / processes))
        for name, value in limit.model_dump(exclude={"provider"}).items()
    }
    return limit.model_copy(update=shares)


def _account(judge: LlmJudge) -> _Account:
    return provider_of(judge.model), judge.api_base, key_variable(judge)


def _concurrency(judges: Iterable[LlmJudge], account: _Account) -> int:
    return sum(judge.concurrency for judge in judges if _account(judge) == account)
