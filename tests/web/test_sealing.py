"""Secrets are sealed under the secret key."""

import pytest

from registryui.web.sealing import SealError, opened, sealed


def test_opens_what_it_sealed():
    assert opened(sealed("open-sesame ä", "a place"), "a place") == "open-sesame ä"


def test_shows_nothing_of_the_text_and_is_never_the_same_twice():
    one, other = sealed("open-sesame", "a place"), sealed("open-sesame", "a place")

    assert "sesame" not in one
    assert one != other


def test_opens_nowhere_else():
    with pytest.raises(SealError):
        opened(sealed("open-sesame", "a place"), "another place")


def test_opens_with_a_former_key_and_seals_with_the_new_one(settings):
    old = sealed("open-sesame", "a place")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another-key-of-some-length"

    assert opened(old, "a place") == "open-sesame"
    new = sealed("open-sesame", "a place")
    settings.SECRET_KEY_FALLBACKS = []
    assert opened(new, "a place") == "open-sesame"
    with pytest.raises(SealError):
        opened(old, "a place")


@pytest.mark.parametrize("change", [0, 9, 20, -3])
def test_opens_nothing_that_was_changed(change):
    seal = sealed("open-sesame", "a place")
    end = change % len(seal)
    other = "A" if seal[end] != "A" else "B"

    with pytest.raises(SealError):
        opened(seal[:end] + other + seal[end + 1 :], "a place")


@pytest.mark.parametrize("text", ["", "open-sesame", "aesgcm1.", "aesgcm1.ä", "aesgcm1.AAAA", "."])
def test_opens_nothing_that_is_no_seal(text):
    with pytest.raises(SealError):
        opened(text, "a place")
