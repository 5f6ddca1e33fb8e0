import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from registryui.distribution.errors import RegistryRefusedError
from registryui.distribution.limits import Limits
from registryui.distribution.tokens import Token, TokenCache, TokenKey
from tests.distribution.fakes import FakeTime

KEY = TokenKey("https://auth.example/token", "registry", ("repository:a:pull",))


def test_fetches_once_for_all_threads():
    cache = TokenCache(Limits(), FakeTime().clock)
    fetched = []
    barrier = threading.Barrier(16)

    def fetch():
        fetched.append(1)
        return Token("Bearer t", 300)

    def ask(_):
        barrier.wait()
        return cache.authorization(KEY, fetch)

    with ThreadPoolExecutor(16) as pool:
        got = set(pool.map(ask, range(16)))

    assert got == {"Bearer t"}
    assert len(fetched) == 1


def test_fetches_again_shortly_before_the_end():
    time = FakeTime()
    cache = TokenCache(Limits(), time.clock)
    values = iter(["Bearer 1", "Bearer 2"])

    def ask():
        return cache.authorization(KEY, lambda: Token(next(values), 60))

    assert ask() == "Bearer 1"
    time.now = 51
    assert ask() == "Bearer 1"
    time.now = 53
    assert ask() == "Bearer 2"


def test_forgets_only_the_token_that_was_refused():
    cache = TokenCache(Limits(), FakeTime().clock)
    cache.authorization(KEY, lambda: Token("Bearer new", 60))

    cache.forget(KEY, "Bearer old")
    assert cache.authorization(KEY, lambda: Token("Bearer other", 60)) == "Bearer new"

    cache.forget(KEY, "Bearer new")
    assert cache.authorization(KEY, lambda: Token("Bearer other", 60)) == "Bearer other"


def test_does_not_try_a_wrong_password_again_at_once():
    time = FakeTime()
    cache = TokenCache(Limits(refusal_seconds=30), time.clock)
    tries = []

    def fetch():
        tries.append(1)
        raise RegistryRefusedError("wrong")

    for _ in range(3):
        with pytest.raises(RegistryRefusedError, match="wrong"):
            cache.authorization(KEY, fetch)
    assert len(tries) == 1

    time.now = 31
    with pytest.raises(RegistryRefusedError):
        cache.authorization(KEY, fetch)
    assert len(tries) == 2


def test_remembers_a_bounded_number_of_refusals():
    cache = TokenCache(Limits(max_tokens_kept=1), FakeTime().clock)
    tries = []

    def fetch():
        tries.append(1)
        raise RegistryRefusedError("wrong")

    for name in ("a", "b", "b", "a"):
        with pytest.raises(RegistryRefusedError):
            cache.authorization(KEY._replace(scopes=(name,)), fetch)

    assert len(tries) == 3


def test_lets_another_thread_try_after_a_failure():
    cache = TokenCache(Limits(), FakeTime().clock)

    def fail():
        raise OSError

    with pytest.raises(OSError):  # noqa: PT011 - any failure
        cache.authorization(KEY, fail)
    assert cache.authorization(KEY, lambda: Token("Bearer t", 60)) == "Bearer t"


def test_keeps_a_bounded_number():
    cache = TokenCache(Limits(max_tokens_kept=2), FakeTime().clock)
    fetched = []

    def ask(name):
        def fetch():
            fetched.append(name)
            return Token(f"Bearer {name}", 60)

        return cache.authorization(KEY._replace(scopes=(name,)), fetch)

    for name in ("a", "b", "a", "c", "a", "b"):
        assert ask(name) == f"Bearer {name}"

    assert fetched == ["a", "b", "c", "b"]


def test_hides_the_token_from_logs():
    assert "secret" not in repr(Token("Bearer secret", 60))
