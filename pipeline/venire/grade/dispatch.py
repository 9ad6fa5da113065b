"""Putting a panel's open questions to its language models in the way a run is to be done: one by one, or in batches."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from venire.errors import BudgetError
from venire.grade.budget import Budget
from venire.grade.docket import Docket, due_repeats
from venire.grade.estimate import Assumptions, total_usd
from venire.grade.estimating import estimate
from venire.grade.identity import judge_identity
from venire.grade.ledger import Ledger
from venire.grade.options import GradingOptions
from venire.grade.passes import agreed_so_far, asks_all, asks_first, asks_then
from venire.grade.price import unpriced
from venire.grade.progress import GradingProgress
from venire.grade.seat import JudgeStop
from venire.grade.shard import Job
from venire.grade.shards import Watch, merge_shards, run_in_processes
from venire.grade.terms import Terms
from venire.panel import LlmJudge
from venire.text import plural
from venire.transcript import Transcript
from venire.verdict import Verdict

OnVerdict = Callable[[Verdict], None]
Asks = Callable[[LlmJudge, Transcript], bool]


@dataclass(frozen=True)
class Asked:
    """What came of asking.

    Attributes:
        stopped: by judge that was not asked any further, why.
        exhausted: why the budget let nothing more be asked; None where it did, or where there was none.
    """

    stopped: dict[str, str]
    exhausted: str | None = None


def ask_llm_judges(
    docket: Docket, ledger: Ledger, on_verdict: OnVerdict, options: GradingOptions, progress: GradingProgress
) -> Asked:
    """Ask what is open; in batches whoever can be, if that is wanted, after all others have been asked one by one.

    Raises:
        BudgetError: a batch could cost more than the budget; nothing was asked.
        GradingInterruptedError: Ctrl-C.
        DiskError: the ledger cannot be written.
    """
    merge_shards(ledger)
    judges = docket.llm_judges()
    _count_open(docket, ledger, agreed_so_far(docket, ledger), progress)
    _say_what_is_not_priced(judges, progress)
    in_batches = _in_batches(judges, options)
    one_by_one = [judge for judge in judges if judge not in in_batches]
    if in_batches and options.budget_usd is not None:
        left_usd = options.budget_usd - _batches_usd(docket, ledger, in_batches, options.budget_usd)
        options = replace(options, budget_usd=left_usd)
    first = _ask_one_by_one(one_by_one, docket, ledger, on_verdict, options, progress) if one_by_one else Asked({})
    then = _ask_in_batches(in_batches, docket, ledger, on_verdict, progress) if in_batches else Asked({})
    return Asked({**first.stopped, **then.stopped}, first.exhausted)


def _ask_one_by_one(
    judges: Sequence[LlmJudge],
    docket: Docket,
    ledger: Ledger,
    on_verdict: OnVerdict,
    options: GradingOptions,
    progress: GradingProgress,
) -> Asked:
    budget = None if options.budget_usd is None else Budget(options.budget_usd)

    def ask(judges: Sequence[LlmJudge], asks: Asks) -> Asked:
        if options.processes > 1:
            return _ask_in_processes(judges, docket, ledger, on_verdict, asks, options, progress)
        return _ask_here(judges, docket, ledger, on_verdict, asks, budget, progress)

    if docket.panel.sequential is None:
        return ask(judges, partial(asks_all, docket.panel))
    first = ask(judges, partial(asks_first, docket.panel))
    agreed_on = agreed_so_far(docket, ledger)
    _count_open(docket, ledger, agreed_on, progress)
    going_on = [judge for judge in judges if judge.id not in first.stopped]
    if first.exhausted or not going_on:
        return first
    then = ask(going_on, partial(asks_then, docket.panel, agreed_on))
    return Asked({**first.stopped, **then.stopped}, then.exhausted)


def _count_open(docket: Docket, ledger: Ledger, agreed_on: frozenset[str], progress: GradingProgress) -> None:
    for judge in docket.llm_judges():
        settled = ledger.settled(*judge_identity(judge, docket.rubric, docket.base).question)
        due = due_repeats(judge, docket.panel, docket.subjects, agreed_on)
        progress.still_open[judge.id] = len(due - settled)


def _ask_here(
    judges: Sequence[LlmJudge],
    docket: Docket,
    ledger: Ledger,
    on_verdict: OnVerdict,
    asks: Asks,
    budget: Budget | None,
    progress: GradingProgress,
) -> Asked:
    from venire.grade.llm import run_llm_judges

    terms = Terms(
        asks=asks,
        limits=docket.panel.limits,
        budget=budget,
        in_flight=progress.in_flight,
        on_interrupt=partial(_say_interrupted, progress),
    )
    stops = run_llm_judges(judges, docket.rubric, docket.transcripts(), ledger, docket.secret, on_verdict, terms)
    return Asked(_causes(stops), None if budget is None else budget.exhausted)


def _ask_in_processes(
    judges: Sequence[LlmJudge],
    docket: Docket,
    ledger: Ledger,
    on_verdict: OnVerdict,
    asks: Asks,
    options: GradingOptions,
    progress: GradingProgress,
) -> Asked:
    job = Job(
        judges=tuple(judges),
        rubric=docket.rubric,
        transcripts=docket.transcripts,
        secret=docket.secret,
        asks=asks,
        limits=docket.panel.limits,
        budget_usd=options.budget_usd,
    )
    watch = Watch(on_verdict, progress.in_flight, partial(_say_interrupted, progress))
    ended = run_in_processes(options.processes, job, ledger, watch)
    cause = ended.exhausted and f"In one of {options.processes} processes, which share it equally, {ended.exhausted}"
    return Asked(_causes(ended.stops), cause)


def _ask_in_batches(
    judges: Sequence[LlmJudge], docket: Docket, ledger: Ledger, on_verdict: OnVerdict, progress: GradingProgress
) -> Asked:
    from venire.grade.batch.run import BatchTerms, run_batch_judges

    terms = BatchTerms(asks=partial(asks_all, docket.panel), say=progress.say)
    stops = run_batch_judges(judges, docket.rubric, docket.transcripts, ledger, docket.secret, on_verdict, terms)
    return Asked(_causes(stops))


def _causes(stops: Iterable[JudgeStop]) -> dict[str, str]:
    return {stop.judge: stop.cause for stop in stops}


def _say_interrupted(progress: GradingProgress, count: int) -> None:
    progress.say(f"interrupted; waiting for {plural(count, 'request')} in flight. Ctrl-C again breaks off")


def _in_batches(judges: Sequence[LlmJudge], options: GradingOptions) -> list[LlmJudge]:
    if not options.batch:
        return []
    from venire.grade.batch.run import has_batches

    return [judge for judge in judges if has_batches(judge)]


def _batches_usd(docket: Docket, ledger: Ledger, judges: Sequence[LlmJudge], budget_usd: float) -> float:
    """What the batches may cost at most; a batch is handed in whole, so that all of it must fit.

    Raises:
        BudgetError: that is as much as the budget, or more.
    """
    from venire.grade.batch.interface import BATCH_PRICE_FACTOR

    found = estimate(docket, ledger, Assumptions())
    names = {judge.id for judge in judges}
    once = total_usd(each.once_usd for each in found.judges if each.judge in names)
    worst = BATCH_PRICE_FACTOR * (once or 0.0)
    if worst >= budget_usd:
        raise BudgetError(
            f"the questions that would go into batches may cost ${worst:,.2f}, and the budget is ${budget_usd:,.2f}",
            hint="A batch cannot be stopped halfway: raise --budget, lower max_tokens, or leave out --batch.",
        )
    return worst


def _say_what_is_not_priced(judges: Sequence[LlmJudge], progress: GradingProgress) -> None:
    asked = [judge for judge in judges if progress.still_open[judge.id]]
    unknown = ", ".join(f"'{judge.id}' ({judge.model})" for judge in unpriced(asked))
    if unknown:
        progress.say(
            f"the price of {unknown} is not known, so neither is what this run costs; "
            "give it in the panel file: price: {input: 2.00, output: 12.00}, in US dollars per million tokens"
        )
