import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.history import HistoryEntry, Step, pair_with_layers
from tests.oci.documents import JUNK


@pytest.mark.parametrize(
    ("created_by", "instruction"),
    [
        ('/bin/sh -c #(nop)  CMD ["sh"]', 'CMD ["sh"]'),
        ("/bin/sh -c #(nop) ADD file:abc in / ", "ADD file:abc in /"),
        ("/bin/sh -c #(nop)", ""),
        ("cmd /S /C #(nop) WORKDIR C:\\app", "WORKDIR C:\\app"),
        (
            "powershell -Command $ErrorActionPreference = 'Stop'; #(nop)  ENV A=b",
            "ENV A=b",
        ),
        ("/bin/sh -c apt-get update", "RUN apt-get update"),
        ("/bin/sh -c set -eux; \t&& make", "RUN set -eux; \t&& make"),
        ("RUN /bin/sh -c make # buildkit", "RUN make"),
        ("RUN |1 ARG=v /bin/sh -c make # buildkit", "RUN make"),
        ("RUN |2 A=b c D=1 /bin/sh -c make && sh -c x # buildkit", "RUN make && sh -c x"),
        ("|1 VERSION=1.2 /bin/sh -c make", "RUN make"),
        ("RUN /bin/bash -eo pipefail -c make # buildkit", "RUN make"),
        ("RUN /bin/bash -o pipefail -c make # buildkit", "RUN make"),
        ("RUN /usr/bin/zsh -ec make # buildkit", "RUN make"),
        ("RUN cmd /S /C dir # buildkit", "RUN dir"),
        ("RUN /bin/sh -c <<EOF\necho a\nEOF # buildkit", "RUN <<EOF\necho a\nEOF"),
        ("COPY /src /dst # buildkit", "COPY /src /dst"),
        ('CMD ["nginx"]', 'CMD ["nginx"]'),
        ("/bin/bash", "/bin/bash"),
        ("bazel build ...", "bazel build ..."),
        ("", ""),
    ],
)
def test_shows_a_step_as_the_dockerfile_has_it(created_by: str, instruction: str):
    assert HistoryEntry(created_by=created_by).instruction == instruction


@pytest.mark.parametrize(
    ("created_by", "verb", "rest"),
    [
        ("RUN /bin/sh -c make  all # buildkit", "RUN", "make  all"),
        ("WORKDIR /app", "WORKDIR", "/app"),
        ("bazel build ...", "", "bazel build ..."),
        ("RUNNING late", "", "RUNNING late"),
        ("", "", ""),
    ],
)
def test_splits_the_keyword_from_the_rest(created_by: str, verb: str, rest: str):
    entry = HistoryEntry(created_by=created_by)

    assert entry.words == (verb, rest)


def test_reads_an_entry():
    entry = HistoryEntry.from_document(
        {
            "created": "0001-01-01T00:00:00Z",
            "created_by": "CMD",
            "author": "a",
            "comment": "buildkit.dockerfile.v0",
            "empty_layer": True,
        }
    )

    assert entry == HistoryEntry(None, "CMD", "a", "buildkit.dockerfile.v0", True)


@given(JUNK)
def test_takes_anything_for_an_entry(document: object):
    entry = HistoryEntry.from_document(document)

    assert isinstance(entry.instruction, str)


@given(
    st.lists(
        st.sampled_from(
            ["RUN ", "|1 ", "/", "bin/", "sh ", "-c ", "pipefail ", "#(nop)", "a", "\n"]
        ),
        max_size=200,
    ).map("".join)
)
def test_takes_any_text_for_a_step(created_by: str):
    entry = HistoryEntry(created_by=created_by * 20)

    assert len(entry.instruction) <= len(entry.created_by) + len("RUN ")


RUN, EMPTY = HistoryEntry(created_by="RUN"), HistoryEntry(created_by="CMD", is_empty_layer=True)
ONE, TWO = (Descriptor("", Digest.of(text), 1) for text in (b"1", b"2"))


def test_puts_layers_beside_the_steps_that_made_them():
    steps, is_paired = pair_with_layers((EMPTY, RUN, EMPTY, RUN), (ONE, TWO), ("a", "b"))

    assert is_paired
    assert steps == (
        Step(None, EMPTY, None),
        Step(1, RUN, ONE, "a"),
        Step(None, EMPTY, None),
        Step(2, RUN, TWO, "b"),
    )


def test_does_not_guess_when_they_do_not_pair():
    steps, is_paired = pair_with_layers((EMPTY, RUN), (ONE, TWO), ("a", "b"))

    assert not is_paired
    assert steps == (
        Step(None, EMPTY, None),
        Step(None, RUN, None),
        Step(1, None, ONE, "a"),
        Step(2, None, TWO, "b"),
    )


def test_gives_no_diff_ids_when_there_is_not_one_per_layer():
    steps, is_paired = pair_with_layers((RUN, RUN), (ONE, TWO), ("a",))

    assert is_paired
    assert [step.diff_id for step in steps] == ["", ""]


def test_shows_the_layers_of_an_image_without_history():
    steps, is_paired = pair_with_layers((), (ONE,), ("a",))

    assert not is_paired
    assert steps == (Step(1, None, ONE, "a"),)


def test_pairs_nothing_with_nothing():
    assert pair_with_layers((), (), ()) == ((), True)


@given(st.lists(st.sampled_from([RUN, EMPTY])), st.lists(st.sampled_from([ONE, TWO])))
def test_loses_no_step_and_no_layer(history: list[HistoryEntry], layers: list[Descriptor]):
    steps, _ = pair_with_layers(history, layers, ())

    assert [step.entry for step in steps if step.entry] == history
    assert [step.layer for step in steps if step.layer] == layers
    assert [step.number for step in steps if step.number] == list(range(1, len(layers) + 1))
