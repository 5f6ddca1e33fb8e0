"""Several processes as one."""

import os
import signal
import sys
import threading

from registryui.web.processes import Together

WAIT = [sys.executable, "-c", "import signal; signal.pause()"]


def is_alive(process):
    return process.poll() is None


def test_ends_all_when_one_ends():
    together = Together()
    together.start("the patient one", WAIT)
    together.start("the short one", [sys.executable, "-c", ""])

    ended = together.wait()

    assert ended == "the short one"
    assert not any(is_alive(process) for process in together.processes.values())


def test_starts_again_what_was_killed(monkeypatch, capfd):
    monkeypatch.setattr("registryui.web.processes.STEADY_SECONDS", 0)
    together = Together()
    together.start("the victim", WAIT)
    victim = together.processes["the victim"]
    threading.Timer(0.2, victim.kill).start()
    threading.Timer(1, os.kill, (os.getpid(), signal.SIGTERM)).start()

    assert together.wait() == ""
    assert victim.returncode == -signal.SIGKILL
    assert together.processes["the victim"] is not victim
    assert not is_alive(together.processes["the victim"])
    assert "Started again, because a signal (9) ended it: the victim" in capfd.readouterr().err


def test_ends_all_when_one_is_killed_at_its_start():
    together = Together()
    together.start("the patient one", WAIT)
    together.start("the short one", [sys.executable, "-c", "import os; os.kill(os.getpid(), 9)"])

    assert together.wait() == "the short one"


def test_ends_all_on_a_signal():
    together = Together()
    together.start("the patient one", WAIT)
    threading.Timer(0.3, os.kill, (os.getpid(), signal.SIGTERM)).start()

    assert together.wait() == ""
    assert not is_alive(together.processes["the patient one"])


def test_insists_after_the_grace_period(monkeypatch):
    monkeypatch.setattr("registryui.web.processes.GRACE_SECONDS", 0.2)
    together = Together()
    stubborn = (
        "import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); print(1, flush=True)\n"
        "while True: signal.pause()"
    )
    together.start("the stubborn one", [sys.executable, "-c", stubborn])

    together.stop()

    assert not is_alive(together.processes["the stubborn one"])


def test_gives_every_process_the_variables():
    together = Together({"REGISTRYUI_TEST": "yes"})
    code = "import os, sys; sys.exit(os.environ['REGISTRYUI_TEST'] != 'yes')"
    together.start("the reader", [sys.executable, "-c", code])

    together.wait()

    assert together.processes["the reader"].returncode == 0
