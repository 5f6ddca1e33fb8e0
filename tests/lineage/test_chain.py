"""Names of stacks: the same for the same layers in the same order, and for nothing else."""

from hypothesis import given
from hypothesis import strategies as st

from registryui.lineage.chain import NAME_LENGTH, stack_names

layers = st.lists(st.text(max_size=5), max_size=8)


@given(layers, layers)
def test_names_beginnings_alike_exactly_as_far_as_they_are(one, other):
    names, others = stack_names(one), stack_names(other)

    for height in range(min(len(one), len(other))):
        assert (names[height] == others[height]) == (one[: height + 1] == other[: height + 1])


@given(layers)
def test_gives_each_beginning_a_name(stack):
    names = stack_names(stack)

    assert len(names) == len(stack) == len(set(names))
    assert all(len(name) == NAME_LENGTH for name in names)
