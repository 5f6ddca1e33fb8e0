"""The canonical form and the hash, held to a vector that others can compute."""

from datetime import UTC, datetime, timedelta, timezone

import pytest

from registryui.audit import chain

COLUMNS = {
    "sequence": 2,
    "at": datetime(2026, 1, 2, 3, 4, 5, 678, tzinfo=UTC),
    "actor": "ann",
    "actor_id": 7,
    "teams": "ops, web",
    "address": "192.0.2.1",
    "via": "SESSION",
    "action": "TAG_DELETE",
    "registry": "production",
    "repository": "team/app",
    "subject": "v1é",
    "digest": "sha256:" + "ab" * 32,
    "result": "DONE",
    "reason": "",
    "details": {"b": "2", "a": "1"},
    "request_id": "abc123",
    "attempt": 1,
    "previous_hash": chain.NOTHING_BEFORE,
}
CANONICAL = (
    b'{"action":"TAG_DELETE","actor":"ann","actor_id":7,"address":"192.0.2.1",'
    b'"at":"2026-01-02T03:04:05.000678Z","attempt":1,"details":{"a":"1","b":"2"},'
    b'"digest":"sha256:abababababababababababababababababababababababababababababababab",'
    b'"previous_hash":"0000000000000000000000000000000000000000000000000000000000000000",'
    b'"reason":"","registry":"production","repository":"team/app","request_id":"abc123",'
    b'"result":"DONE","sequence":2,"subject":"v1\\u00e9","teams":"ops, web","via":"SESSION"}'
)


def test_has_one_canonical_form():
    assert chain.canonical(COLUMNS) == CANONICAL


def test_hashes_that_form():
    # printf %s CANONICAL | sha256sum
    assert chain.hash_of(COLUMNS) == (
        "cf766a1efea5665db1e18cf880aa792d1c752f2027f681abce1050ba12f7a55a"
    )


def test_does_not_depend_on_the_time_zone():
    elsewhere = COLUMNS["at"].astimezone(timezone(timedelta(hours=5)))  # type: ignore[attr-defined]

    assert chain.canonical({**COLUMNS, "at": elsewhere}) == CANONICAL


@pytest.mark.parametrize("column", chain.COLUMNS)
def test_changes_with_each_column(column):
    changed = {**COLUMNS, column: "another"}

    assert chain.hash_of(changed) != chain.hash_of(COLUMNS)


def test_leaves_out_what_is_no_column():
    assert chain.canonical({**COLUMNS, "hash": "x"}) == CANONICAL


def test_refuses_what_has_no_canonical_form():
    with pytest.raises(TypeError):
        chain.canonical({**COLUMNS, "reason": object()})
