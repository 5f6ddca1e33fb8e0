import pytest

from registryui.distribution.addresses import (
    AddressPolicy,
    ForbiddenAddressError,
    HostPort,
    Reach,
    reach_of,
    resolve,
)


@pytest.mark.parametrize(
    ("address", "reach"),
    [
        ("8.8.8.8", Reach.PUBLIC),
        ("2606:4700::1", Reach.PUBLIC),
        ("10.1.2.3", Reach.PRIVATE),
        ("192.168.0.1", Reach.PRIVATE),
        ("172.16.0.1", Reach.PRIVATE),
        ("100.64.0.1", Reach.PRIVATE),
        ("fd00::1", Reach.PRIVATE),
        ("127.0.0.1", Reach.LOOPBACK),
        ("::1", Reach.LOOPBACK),
        ("169.254.169.254", Reach.FORBIDDEN),
        ("fe80::1%eth0", Reach.FORBIDDEN),
        ("0.0.0.0", Reach.FORBIDDEN),  # noqa: S104 - classified, never bound
        ("::", Reach.FORBIDDEN),
        ("224.0.0.1", Reach.FORBIDDEN),
        ("240.0.0.1", Reach.FORBIDDEN),
        ("::ffff:127.0.0.1", Reach.LOOPBACK),
        ("::ffff:169.254.169.254", Reach.FORBIDDEN),
        ("64:ff9b::a9fe:a9fe", Reach.FORBIDDEN),
        ("64:ff9b::808:808", Reach.PUBLIC),
        ("2002:7f00:1::", Reach.LOOPBACK),
        ("no address", Reach.FORBIDDEN),
    ],
)
def test_tells_how_far_away_an_address_is(address, reach):
    assert reach_of(address) == reach


def policy(own, *, trusted=(), **names):
    names["registry.example"] = own

    def resolver(host, port):
        found = names.get(host.replace(".example", ""), names.get(host, host))
        if found is None:
            raise OSError
        return tuple(found.split())

    return AddressPolicy(HostPort("registry.example", 443), frozenset(trusted), resolver=resolver)


@pytest.mark.parametrize(
    ("own", "other", "is_allowed"),
    [
        ("8.8.8.8", "9.9.9.9", True),
        ("8.8.8.8", "10.0.0.1", False),
        ("8.8.8.8", "127.0.0.1", False),
        ("8.8.8.8", "9.9.9.9 10.0.0.1", False),
        ("8.8.8.8", "", False),
        ("10.0.0.2", "10.0.0.1", True),
        ("10.0.0.2", "127.0.0.1", False),
        ("10.0.0.2", "169.254.169.254", False),
        ("127.0.0.1", "127.0.0.1", True),
        ("127.0.0.1", "10.0.0.1", True),
        ("127.0.0.1", "169.254.169.254", False),
        (None, "10.0.0.1", False),
    ],
)
def test_lets_a_registry_send_us_only_as_near_as_it_is_itself(own, other, is_allowed):
    rule = policy(own, storage=other)

    if is_allowed:
        assert rule.addresses("storage.example", 443) == tuple(other.split())
    else:
        with pytest.raises(ForbiddenAddressError):
            rule.addresses("storage.example", 443)


def test_connects_to_the_registry_wherever_it_is():
    assert policy("169.254.1.1").addresses("registry.example", 443) == ("169.254.1.1",)


@pytest.mark.parametrize("trusted", ["minio.example", "minio.example:9000"])
def test_connects_to_approved_hosts_wherever_they_are(trusted):
    rule = policy("8.8.8.8", trusted=[trusted], minio="10.0.0.9")

    assert rule.addresses("minio.example", 9000) == ("10.0.0.9",)


def test_looks_the_registry_up_once():
    rule = policy("10.0.0.1", one="10.0.0.2", two="10.0.0.3")

    assert rule.addresses("one.example", 443)
    assert rule.addresses("two.example", 443)


def test_refuses_a_forbidden_literal_at_once():
    with pytest.raises(ForbiddenAddressError):
        policy("8.8.8.8").check_literal("10.0.0.1", 443)


def test_leaves_names_and_trusted_literals_for_later():
    rule = policy("8.8.8.8", trusted=["10.0.0.1"])

    rule.check_literal("storage.example", 443)
    rule.check_literal("10.0.0.1", 443)
    rule.check_literal("9.9.9.9", 443)


def test_asks_the_system_for_addresses():
    assert resolve("127.0.0.1", 80) == ("127.0.0.1",)
