"""Plans on one thread, jobs on many."""

import threading

import pytest

from registryui.sync.crew import Crew, Plan, gather, gather_three


def test_runs_jobs_elsewhere_and_steps_here() -> None:
    threads: list[str] = []

    def plan() -> Plan[None]:
        names = yield from gather([lambda: threading.current_thread().name] * 3)
        threads.extend([*names, threading.current_thread().name])

    with Crew(2) as crew:
        crew.run(plan())

    assert threads[-1] == threading.current_thread().name
    assert all(name.startswith("sync") for name in threads[:3])


def test_returns_results_in_the_order_of_the_jobs() -> None:
    found: list[object] = []
    second_is_done = threading.Event()

    def first() -> str:
        second_is_done.wait(5)
        return "first"

    def second() -> str:
        second_is_done.set()
        return "second"

    def plan() -> Plan[None]:
        found.extend((yield from gather([first, second])))

    with Crew(2) as crew:
        crew.run(plan())

    assert found == ["first", "second"]


def test_keeps_three_kinds_of_results_apart() -> None:
    found: list[object] = []

    def plan() -> Plan[None]:
        found.extend((yield from gather_three([lambda: 1, lambda: 2], [], [lambda: "x"])))

    with Crew(2) as crew:
        crew.run(plan())

    assert found == [[1, 2], [], ["x"]]


def test_goes_straight_on_without_jobs() -> None:
    found: list[object] = []

    def plan() -> Plan[None]:
        found.append((yield from gather([])))

    with Crew(1) as crew:
        crew.run(plan())

    assert found == [[]]


def test_raises_what_a_job_raised_inside_the_plan() -> None:
    caught: list[str] = []

    def fail() -> None:
        raise LookupError("gone")

    def plan() -> Plan[None]:
        try:
            yield from gather([fail, lambda: None])
        except LookupError as error:
            caught.append(str(error))

    with Crew(2) as crew:
        crew.run(plan())

    assert caught == ["gone"]


def test_lets_what_a_plan_does_not_catch_through() -> None:
    def plan() -> Plan[None]:
        yield from gather([lambda: None])
        raise KeyError("plan")

    with Crew(1) as crew, pytest.raises(KeyError):
        crew.run(plan())

    assert crew.active == 0


def test_lets_other_plans_work_while_one_waits() -> None:
    order: list[str] = []
    may_go_on = threading.Event()

    def slow() -> Plan[None]:
        yield from gather([lambda: may_go_on.wait(5)])
        order.append("slow")

    def quick() -> Plan[None]:
        yield from gather([lambda: None])
        order.append("quick")
        may_go_on.set()

    with Crew(2) as crew:
        crew.start(slow())
        crew.run(quick())

    assert order == ["quick", "slow"]


def test_says_when_nothing_happened() -> None:
    with Crew(1) as crew:
        assert not crew.wait(0.01)
