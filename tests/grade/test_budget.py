"""A budget: what is in flight counts in full, money that comes back is used, and the cap is never passed."""

import asyncio
import threading
from collections.abc import Coroutine
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venire.grade.budget import Budget, BudgetExhausted, Reservation


async def settled_soon(task: asyncio.Task[Reservation]) -> bool:
    """Whether a reservation comes through without anything else happening."""
    for _ in range(5):
        await asyncio.sleep(0)
    return task.done()


def waiting(work: Coroutine[Any, Any, Reservation]) -> asyncio.Task[Reservation]:
    return asyncio.get_running_loop().create_task(work)


@pytest.mark.parametrize("cap", [0.0, -1.0, float("nan"), float("inf")])
def test_a_budget_is_a_sum_of_money(cap: float) -> None:
    with pytest.raises(ValueError, match="above zero"):
        Budget(cap)


def test_what_is_in_flight_counts_and_what_comes_back_is_used() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        first, second = await budget.reserve(0.5), await budget.reserve(0.4)
        third = waiting(budget.reserve(0.3))
        # 0.5 + 0.4 + 0.3 is above 1: it waits, and is not refused, because nothing is spent yet.
        assert not await settled_soon(third)
        first.settle(0.01)
        # 0.01 + 0.4 + 0.3
        assert await settled_soon(third)
        assert budget.reserved_usd == pytest.approx(0.7)
        second.settle(0.02)
        third.result().settle(0.03)
        assert budget.spent_usd == pytest.approx(0.06)
        assert budget.reserved_usd == pytest.approx(0)
        assert budget.exhausted is None

    asyncio.run(scenario())


def test_what_does_not_fit_beside_what_is_spent_ends_the_run() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        (await budget.reserve(0.9)).settle(0.8)
        with pytest.raises(BudgetExhausted, match=r"\$0\.8000 of the budget of \$1\.00 is spent.* may cost \$0\.3000"):
            await budget.reserve(0.3)
        # A smaller one would fit. It is refused all the same: what was answered is then always a beginning.
        with pytest.raises(BudgetExhausted):
            await budget.reserve(0.01)

    asyncio.run(scenario())


def test_those_who_wait_are_refused_as_soon_as_no_money_can_come_back() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        first = await budget.reserve(0.9)
        later = [waiting(budget.reserve(0.5)) for _ in range(3)]
        assert not await settled_soon(later[0])
        first.settle(0.7)
        for task in later:
            with pytest.raises(BudgetExhausted):
                await task

    asyncio.run(scenario())


def test_what_may_have_been_billed_counts_as_spent_and_is_said() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        (await budget.reserve(0.5)).settle(None)
        with pytest.raises(BudgetExhausted, match=r"\$0\.0000 of .* is spent, and perhaps \$0\.5000 more"):
            await budget.reserve(0.6)

    asyncio.run(scenario())


def test_a_request_that_ends_without_a_word_may_have_been_billed() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        with pytest.raises(RuntimeError), await budget.reserve(0.5):
            raise RuntimeError
        assert (budget.unsure_usd, budget.spent_usd, budget.reserved_usd) == (0.5, 0.0, 0.0)

    asyncio.run(scenario())


def test_a_reservation_is_settled_once() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        with await budget.reserve(0.5) as reservation:
            reservation.settle(0.1)
            reservation.settle(0.1)
        assert (budget.spent_usd, budget.unsure_usd) == (0.1, 0.0)

    asyncio.run(scenario())


def test_an_unknown_price_is_never_let_through() -> None:
    with pytest.raises(BudgetExhausted, match="unknown price"):
        asyncio.run(Budget(1.0).reserve(None))


def test_a_request_that_is_broken_off_while_it_waits_leaves_no_trace() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        first = await budget.reserve(0.9)
        gone, next_one = waiting(budget.reserve(0.9)), waiting(budget.reserve(0.1))
        # It came later, though it would fit.
        assert not await settled_soon(next_one)
        gone.cancel()
        assert await settled_soon(next_one)
        first.settle(0.0)
        next_one.result().settle(0.0)
        assert budget.reserved_usd == pytest.approx(0)

    asyncio.run(scenario())


def test_a_request_that_is_broken_off_as_its_turn_comes_gives_its_money_back() -> None:
    async def scenario() -> None:
        budget = Budget(1.0)
        first = await budget.reserve(0.9)
        late = waiting(budget.reserve(0.9))
        await asyncio.sleep(0)
        first.settle(0.0)
        late.cancel()
        with pytest.raises(asyncio.CancelledError):
            await late
        assert budget.reserved_usd == pytest.approx(0)
        assert isinstance(await budget.reserve(1.0), Reservation)

    asyncio.run(scenario())


@given(
    st.lists(st.tuples(st.integers(1, 400), st.integers(0, 100), st.integers(0, 3)), max_size=60),
    st.integers(100, 1000),
)
def test_at_no_moment_may_more_be_owed_than_the_cap(requests: list[tuple[int, int, int]], cap_cents: int) -> None:
    """Each request: its worst case in cents, the share of it in percent that it really costs, how long it takes."""

    async def scenario() -> None:
        budget = Budget(cap_cents / 100)

        def check() -> None:
            assert budget.spent_usd + budget.reserved_usd <= budget.cap_usd + 1e-6

        async def send(worst: int, share: int, turns: int) -> None:
            try:
                reservation = await budget.reserve(worst / 100)
            except BudgetExhausted:
                return
            check()
            for _ in range(turns):
                await asyncio.sleep(0)
            reservation.settle(worst * share / 10_000)
            check()

        await asyncio.gather(*(send(*request) for request in requests))
        assert budget.reserved_usd == pytest.approx(0, abs=1e-6)

    asyncio.run(scenario())


def test_threads_share_one_budget() -> None:
    budget = Budget(1.0)
    admitted = []

    async def ask() -> None:
        for _ in range(100):
            try:
                reservation = await budget.reserve(0.05)
            except BudgetExhausted:
                return
            await asyncio.sleep(0)
            reservation.settle(0.01)
            admitted.append(1)

    threads = [threading.Thread(target=lambda: asyncio.run(ask())) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    # After 95 requests there is just room for one more: 0.95 + 0.05 is 1; after 96 there is none.
    assert len(admitted) == 96
    assert budget.spent_usd == pytest.approx(0.96)
