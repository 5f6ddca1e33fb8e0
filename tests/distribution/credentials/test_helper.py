"""Credential helpers: which are run, how they are asked, and how often."""

import threading
from contextlib import suppress
from pathlib import Path

import pytest

from registryui.distribution.credentials.helper import AGAIN_SECONDS, KEPT_SECONDS, Helper
from registryui.distribution.credentials.login import Login
from registryui.distribution.errors import CredentialsError
from tests.distribution.fakes import FakeTime
from tests.real.processes import eventually


def is_over(pid):
    """Tell whether a process has ended; one that nobody has waited for has no command line."""
    with suppress(FileNotFoundError, ProcessLookupError):
        return not Path("/proc", pid, "cmdline").read_bytes()
    return True


KEY = "registry.example:5000"


def helper(name="cloud", *, allowed=("cloud",), seconds=20.0, time=None):
    clock = (time or FakeTime()).clock
    return Helper(name, KEY, allowed=frozenset(allowed), seconds=seconds, clock=clock)


def test_asks_for_the_registrys_key(programs):
    programs.hands_out("cloud", "AWS", "open-sesame")

    login = helper().login()

    assert (login.username, login.password) == ("AWS", "open-sesame")
    assert login.where == "in what docker-credential-cloud keeps"
    assert programs.runs == [f"get{KEY}"]


def test_takes_a_user_called_token_for_an_identity_token(programs):
    programs.hands_out("cloud", "<token>", "identity")

    login = helper().login()

    assert (login.username, login.password, login.identity_token) == ("", "", "identity")


@pytest.mark.parametrize("name", ["cloud", "../cloud", "Cloud", "cloud get", "", "a/b", "cloud\n"])
def test_runs_none_that_is_not_allowed(programs, name):
    programs.hands_out("cloud", "AWS", "open-sesame")
    allowed = () if name == "cloud" else (name,)

    with pytest.raises(
        CredentialsError, match=r"may not run\. Add it to REGISTRYUI_CREDENTIAL_HELP"
    ):
        helper(name, allowed=allowed).login()

    assert programs.runs == []


def test_says_that_it_is_not_installed(programs):
    with pytest.raises(CredentialsError, match=r"cloud, .* is not installed. Put it into a folder"):
        helper().login()


def test_says_that_it_cannot_be_run(programs):
    programs.write("cloud")
    program = programs.folder / "docker-credential-cloud"
    program.write_text("#!/nowhere/python\n", encoding="utf-8")

    with pytest.raises(CredentialsError, match="cannot be run: No such file or directory"):
        helper().login()


@pytest.mark.parametrize(
    "lines",
    [
        ("print('credentials not found in native keychain')", "sys.exit(1)"),
        ("sys.exit('Error: credentials not found in native keychain')",),
        ("print('{}')",),
        ("""print('{"Username": "AWS", "Secret": ""}')""",),
    ],
)
def test_says_that_it_has_nothing(programs, lines):
    programs.write("cloud", *lines)

    login = helper().login()

    assert not login
    assert login.advice.startswith(f"docker-credential-cloud has no credentials for {KEY}. Sign in")


@pytest.mark.parametrize(
    ("lines", "words"),
    [
        (("print('no region'); sys.exit(3)",), "failed with status 3. .* It says: “no region”"),
        (("sys.exit(4)",), "failed with status 4. Run it by hand, as the account .* UI.$"),
        (("print('hello')",), "did not answer with a JSON object"),
        (("print('[1]')",), "did not answer with a JSON object"),
        (("print(b'\\xff')", "sys.stdout.buffer.write(b'\\xff')"), "not answer with a JSON object"),
        (("print('x' * 200_000)",), "or answered too much"),
        (("sys.stderr.write('x' * 200_000)",), "or answered too much"),
        (
            ("""print('{"Username": "a:b", "Secret": "s"}')""",),
            "must not contain a colon. It is in",
        ),
        (("""print('{"Username": "", "Secret": "s"}')""",), "no user name"),
        (("""print('{"Username": "a", "Secret": "s\\\\ns"}')""",), "line break"),
    ],
)
def test_says_what_is_wrong_with_it(programs, lines, words):
    programs.write("cloud", *lines)

    with pytest.raises(CredentialsError, match=words):
        helper().login()


def test_repeats_no_answer_of_one_that_fails_after_it(programs):
    answer = '{"Username": "u", "Secret": "open-sesame"}'
    programs.write("cloud", f"print('{answer}')", "sys.exit(1)")

    with pytest.raises(CredentialsError, match="failed with status 1") as caught:
        helper().login()

    assert "sesame" not in str(caught.value)


@pytest.mark.parametrize("hang", ["time.sleep(60)", "os.close(1), os.close(2), time.sleep(60)"])
def test_waits_for_it_only_so_long(programs, hang):
    programs.write("cloud", hang)

    with pytest.raises(CredentialsError, match=r"did not answer within 0\.5 seconds"):
        helper(seconds=0.5).login()


def test_ends_what_a_slow_one_has_started(programs):
    file = programs.folder / "child"
    programs.write(
        "cloud",
        "import subprocess",
        "child = subprocess.Popen(['/bin/sleep', '60'])",
        f"open({str(file)!r}, 'w').write(str(child.pid))",
    )

    with pytest.raises(CredentialsError, match="did not answer"):
        helper(seconds=3).login()

    assert eventually(lambda: is_over(file.read_text()))


def test_does_not_mind_one_that_does_not_read(programs):
    programs.write("cloud")
    program = programs.folder / "docker-credential-cloud"
    program.write_text('#!/bin/sh\necho \'{"Username": "u", "Secret": "s"}\'\n', encoding="utf-8")

    assert helper().login().password == "s"


def test_shows_it_nothing_of_our_environment(programs, monkeypatch):
    monkeypatch.setenv("REGISTRYUI_SECRET_KEY", "ours")
    monkeypatch.setenv("PGPASSWORD", "ours")
    monkeypatch.setenv("AWS_REGION", "north")
    seen = "' '.join(sorted(os.environ.values()))"
    programs.write("cloud", f"print(json.dumps({{'Username': 'u', 'Secret': {seen}}}))")

    secret = helper().login().password

    assert "north" in secret
    assert "ours" not in secret


def test_asks_again_after_a_while(programs):
    time = FakeTime()
    asked = helper(time=time)
    programs.hands_out("cloud", "AWS", "old")
    assert asked.login().password == "old"
    programs.hands_out("cloud", "AWS", "new")

    time.now = KEPT_SECONDS - 1
    assert asked.login().password == "old"
    time.now = KEPT_SECONDS
    assert asked.login().password == "new"

    assert len(programs.runs) == 2


def test_asks_again_when_the_login_was_refused_but_not_each_time(programs):
    time = FakeTime()
    asked = helper(time=time)
    programs.hands_out("cloud", "AWS", "old")
    refused = asked.login()

    assert asked.login(refused) == refused
    assert len(programs.runs) == 1

    time.now = AGAIN_SECONDS
    programs.hands_out("cloud", "AWS", "new")
    assert asked.login(refused).password == "new"
    assert asked.login(refused).password == "new"
    assert len(programs.runs) == 2


def test_keeps_what_works_when_the_helper_fails_later(programs):
    time = FakeTime()
    asked = helper(time=time)
    programs.hands_out("cloud", "AWS", "old")
    kept = asked.login()
    programs.write("cloud", "sys.exit(5)")
    time.now = KEPT_SECONDS

    assert asked.login() == kept
    with pytest.raises(CredentialsError, match="failed with status 5"):
        asked.login(kept)


def test_does_not_ask_a_broken_one_each_time(programs):
    time = FakeTime()
    asked = helper(time=time)
    programs.write("cloud", "sys.exit(5)")

    for _ in range(3):
        with pytest.raises(CredentialsError):
            asked.login()
    assert len(programs.runs) == 1

    time.now = AGAIN_SECONDS
    programs.hands_out("cloud", "AWS", "mended")
    assert asked.login().password == "mended"


def test_is_asked_once_by_many_threads(programs):
    programs.hands_out("cloud", "AWS", "open-sesame")
    asked = helper()
    found: list[Login] = []
    threads = [threading.Thread(target=lambda: found.append(asked.login())) for _ in range(8)]

    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {login.password for login in found} == {"open-sesame"}
    assert len(programs.runs) == 1
