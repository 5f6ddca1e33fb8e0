"""What a batch may hold depends on the others only beyond its share."""

from registryui.sync.allowance import (
    ALL_BATCHES,
    LARGEST_BATCH,
    SMALLEST_SHARE,
    Allowance,
    Holdings,
)


def test_ends_at_the_largest_batch() -> None:
    allowance = Allowance(Holdings())

    allowance.take(bytes(LARGEST_BATCH - 1))
    was_spent = allowance.is_spent
    allowance.take(b"x")

    assert (was_spent, allowance.is_spent) == (False, True)


def test_grants_a_share_whatever_the_others_hold() -> None:
    everybody = Holdings()
    everybody.add(ALL_BATCHES)
    allowance = Allowance(everybody)

    was_spent = allowance.is_spent
    allowance.take(bytes(SMALLEST_SHARE))

    assert (was_spent, allowance.is_spent) == (False, True)


def test_counts_many_small_values_as_more_than_their_bytes() -> None:
    everybody = Holdings()

    Allowance(everybody).take(b"[" + b"," * 1000 + b"]")

    assert everybody.weight > 50_000


def test_gives_everything_back_at_the_end() -> None:
    everybody = Holdings()

    with Allowance(everybody) as allowance:
        allowance.take(b"x" * 1000)

    assert everybody.weight == 0
