"""The queue is told after the commit, and again when it forgot."""

import pytest
from django.db import transaction

from registryui.jobs import engine, sending
from tests.jobs.conftest import Work


def test_tells_the_queue_after_the_commit(
    work: Work, sent: list[int], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        job = work.ask("a")
        assert sent == []

    assert sent == [job.pk]


def test_tells_once_what_is_asked_for_again_and_again(
    work: Work, sent: list[int], django_capture_on_commit_callbacks
) -> None:
    counts = []
    for wait in (sending.LOST_AFTER * 0, sending.LOST_AFTER / 2, sending.LOST_AFTER * 2):
        work.now += wait
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            work.ask("a")
        counts.append(len(sent))

    assert counts == [1, 1, 2]


def test_tells_nothing_of_what_was_rolled_back(
    work: Work, sent: list[int], django_capture_on_commit_callbacks
) -> None:
    with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
        work.ask("a")
        transaction.set_rollback(True)

    assert sent == []


def test_tells_what_has_become_due(work: Work, sent: list[int]) -> None:
    job = work.ask("a", seconds=60)
    assert sending.send_due(now=job.created_at) == 0

    assert sending.send_due(now=job.run_after) == 1
    assert sent == [job.pk]


def test_tells_again_what_an_empty_queue_has_lost(work: Work, sent: list[int]) -> None:
    job = work.ask("a")
    sending.send_due(now=work.now)
    assert sending.send_due(now=work.now) == 0

    sending.send_due(now=work.now + 2 * sending.LOST_AFTER)

    assert sent == [job.pk, job.pk]


def test_leaves_it_for_later_when_the_queue_is_away(
    work: Work, sent: list[int], monkeypatch: pytest.MonkeyPatch
) -> None:
    def be_away(pk: int) -> None:
        raise ConnectionError

    job = work.ask("a")
    with monkeypatch.context() as away:
        away.setattr(engine, "send", be_away)
        sending.send_due(now=work.now)

    sending.send_due(now=work.now)

    assert sent == [job.pk]


def test_does_not_send_what_waits_for_its_like(work: Work, sent: list[int]) -> None:
    seen: list[int] = []

    def ask_again(job: object) -> None:
        if not seen:
            work.ask("a")
            seen.append(sending.send_due(now=work.now))

    work.act = ask_again
    work.ask("a")
    work.do()

    assert seen == [0]
