"""The gate before a provider, in simulated time: its limits are kept, those nobody told it are found out."""

import asyncio

import pytest

from tests.grade.limited_provider import LimitedProvider, ask_for
from tests.grade.simulated_time import simulate
from venire.grade.gate import Gate, GateClosed
from venire.panel import ProviderLimit

BURSTS = pytest.mark.parametrize("burst", [60, 10, 6])
LATENCIES = pytest.mark.parametrize("latency_s", [(0.5, 1.5), (1.0, 3.0)], ids=["1 s", "2 s"])
RETRY_AFTER = pytest.mark.parametrize("retry_after_s", [1.0, None], ids=["retry-after", "no retry-after"])


@BURSTS
@LATENCIES
@RETRY_AFTER
def test_a_limit_of_60_a_second_is_found_out_and_nine_tenths_of_it_used(
    burst: float, latency_s: tuple[float, float], retry_after_s: float | None
) -> None:
    provider = LimitedProvider(60, burst, latency_s=latency_s, retry_after_s=retry_after_s)

    ask_for(120, provider, Gate(400))

    assert provider.per_second_after(20, 120) >= 0.9 * 60
    assert provider.refused_share < 0.05


@BURSTS
def test_429s_that_come_as_late_as_answers_cost_more_but_not_much(burst: float) -> None:
    provider = LimitedProvider(60, burst, refusal_s=1.0)

    ask_for(300, provider, Gate(400))

    assert provider.per_second_after(20, 300) >= 0.8 * 60
    assert provider.refused_share < 0.05


def test_a_limit_that_the_panel_names_is_used_whole_and_never_passed() -> None:
    provider = LimitedProvider(60, burst=6.1)

    ask_for(60, provider, Gate(400, ProviderLimit(provider="any", requests_per_minute=3600)))

    assert provider.per_second_after(15, 60) >= 0.98 * 60
    assert provider.refused_at == []


def test_a_provider_that_takes_only_so_many_at_once_is_found_out() -> None:
    provider = LimitedProvider(at_once=50)

    ask_for(300, provider, Gate(400))

    # 50 at once of 1 s each are 50 a second.
    assert provider.per_second_after(60, 300) >= 0.75 * 50
    assert provider.refused_share < 0.05


def test_without_a_limit_all_places_are_used() -> None:
    provider = LimitedProvider()

    ask_for(60, provider, Gate(200))

    assert provider.per_second_after(15, 60) >= 0.95 * 200
    assert provider.most_at_once == 200


def test_the_panels_limit_of_requests_in_flight_holds_over_all_judges() -> None:
    provider = LimitedProvider()

    ask_for(30, provider, Gate(200, ProviderLimit(provider="any", in_flight=7)))

    assert provider.most_at_once == 7


def test_tokens_are_corrected_by_what_was_used() -> None:
    async def count(used: int) -> int:
        gate, finished = Gate(100, ProviderLimit(provider="any", tokens_per_minute=60_000)), 0

        async def ask() -> None:
            nonlocal finished
            while True:
                with await gate.enter(tokens=2000) as slot:
                    await asyncio.sleep(0.2)
                    slot.answered(used)
                finished += 1

        tasks = [asyncio.create_task(ask()) for _ in range(50)]
        await asyncio.sleep(120)
        for task in tasks:
            task.cancel()
        return finished

    # 1000 tokens a second for 120 s are 60 requests of 2000, and 240 of 500.
    assert simulate(count(2000)) == pytest.approx(60, abs=3)
    assert simulate(count(500)) == pytest.approx(240, rel=0.1)


def test_nothing_is_sent_before_the_time_that_the_provider_asked_for() -> None:
    async def scenario() -> tuple[float, float]:
        gate = Gate(10)
        with await gate.enter() as slot:
            slot.throttled(7.5)
        asked = gate.paused_s()
        with await gate.enter(again=True):
            return asked, asyncio.get_running_loop().time()

    assert simulate(scenario()) == (7.5, 7.5)


def test_a_request_that_is_sent_again_passes_before_those_that_were_not_sent_yet() -> None:
    async def scenario() -> list[str]:
        gate, order = Gate(1, ProviderLimit(provider="any", requests_per_minute=60)), list[str]()

        async def ask(name: str, again: bool) -> None:
            with await gate.enter(again=again):
                order.append(name)

        first = [asyncio.create_task(ask(f"first {number}", again=False)) for number in range(4)]
        await asyncio.sleep(0.5)
        await asyncio.gather(ask("again", again=True), *first)
        return order

    # One has passed and one is at the head of the queue when it comes.
    assert simulate(scenario()) == ["first 0", "first 1", "again", "first 2", "first 3"]


def test_a_closed_gate_lets_nobody_through_and_wakes_all_who_wait() -> None:
    async def scenario() -> list[object]:
        gate = Gate(1)
        with await gate.enter():
            waiting = [asyncio.create_task(gate.enter()) for _ in range(3)]
            waiting.append(asyncio.create_task(gate.enter(again=True)))
            resting = asyncio.create_task(gate.rest(1000))
            await asyncio.sleep(1)
            gate.close()
            ended: list[object] = await asyncio.gather(*waiting, resting, return_exceptions=True)
        assert gate.in_flight == 0
        assert asyncio.get_running_loop().time() == 1
        return ended

    assert [type(end) for end in simulate(scenario())] == [GateClosed] * 5


def test_one_who_goes_away_while_waiting_holds_up_nobody() -> None:
    async def scenario() -> int:
        gate = Gate(1)
        held = await gate.enter()
        impatient = asyncio.create_task(gate.enter())
        patient = asyncio.create_task(gate.enter())
        await asyncio.sleep(1)
        impatient.cancel()
        await asyncio.sleep(1)
        with held:
            held.answered(None)
        with await patient:
            return gate.in_flight

    assert simulate(scenario()) == 1
