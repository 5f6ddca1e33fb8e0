import pickle

import pytest

from registryui.distribution import errors


@pytest.mark.parametrize(
    ("kind", "temporary"),
    [
        (errors.RegistryError, False),
        (errors.RegistryUnreachableError, True),
        (errors.RegistryRefusedError, False),
        (errors.NotFoundError, False),
        (errors.RateLimitedError, True),
        (errors.UnsupportedError, False),
        (errors.InvalidContentError, False),
    ],
)
def test_knows_what_may_work_later(kind, temporary):
    error = kind("It broke. Try again.", registry="registry.example", operation="ping")

    assert error.temporary is temporary
    assert kind("x", temporary=not temporary).temporary is not temporary
    assert str(error) == error.for_people == "It broke. Try again."
    assert isinstance(error, errors.RegistryError)


def test_survives_being_pickled():
    error = errors.RegistryUnreachableError.because(
        "dns", "No such host.", registry="registry.example", operation="ping", temporary=False
    )

    copy = pickle.loads(pickle.dumps(error))  # noqa: S301 - our own bytes

    assert (copy.cause, copy.for_people, copy.temporary) == ("dns", "No such host.", False)
