import pytest

from registryui.distribution.limits import Limits
from registryui.distribution.pace import Pace, retry_after_seconds
from tests.distribution.fakes import FakeTime

NOON = 1_700_000_000.0


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("5", 5),
        (" 60 ", 60),
        ("0", None),
        ("-5", None),
        ("99999999", None),
        ("9" * 400, None),
        ("soon", None),
        ("", None),
        ("Tue, 14 Nov 2023 22:13:50 GMT", 30),
        ("Tue, 14 Nov 2023 22:13:50", 30),
        ("Tue, 14 Nov 2023 22:13:10 GMT", None),
        ("Tue, 14 Nov 99999 22:13:10 GMT", None),
        ("\u00b2", None),
    ],
)
def test_reads_seconds_and_dates(value, seconds):
    assert retry_after_seconds(value, NOON) == seconds


def pace(time, **limits):
    return Pace(Limits(**limits), time.clock)


def test_does_not_wait_without_a_reason():
    time = FakeTime()

    assert pace(time).wait()
    assert time.naps == []


def test_waits_for_the_longest_pause_anybody_was_given():
    time = FakeTime()
    shared = pace(time)
    shared.pause(10)
    shared.pause(5)

    assert shared.wait()
    assert shared.wait()
    assert time.naps == [10]


def test_does_not_sleep_longer_than_the_cap():
    time = FakeTime()
    shared = pace(time, longest_wait_seconds=60)
    shared.pause(61)

    assert not shared.wait()
    assert shared.seconds_to_wait() == 61
    assert time.naps == []


def test_never_sleeps_in_a_web_request():
    time = FakeTime()
    shared = Pace(Limits.for_web_request(), time.clock)
    shared.pause(0.1)

    assert not shared.wait()


def test_doubles_the_wait_up_to_the_cap():
    time = FakeTime()
    shared = pace(time, longest_wait_seconds=5)

    assert [shared.delay(attempt) for attempt in (1, 2, 3, 4)] == [1, 2, 4, 5]


def test_spreads_requests_over_the_second():
    time = FakeTime()
    shared = pace(time, requests_per_second=4)

    for _ in range(4):
        shared.take_turn()

    assert sum(time.naps) == 0.75


def test_takes_turns_at_once_without_a_limit():
    time = FakeTime()

    pace(time).take_turn()

    assert time.naps == []
