"""Histories as builders write them, turned back into Dockerfiles."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.config import ImageConfig
from registryui.oci.descriptor import Descriptor
from registryui.oci.digest import Digest
from registryui.oci.dockerfile import BORDER, NO_BASE, Base, dockerfile_of
from registryui.oci.history import VERBS, HistoryEntry
from registryui.oci.instructions import written
from tests.oci.documents import JUNK

RUN = {
    "Env": ["PATH=/usr/bin:/bin", "GREETING=good day", "A=b"],
    "Cmd": ["nginx", "-g", "daemon off;"],
    "Labels": {"org.x": "y z", "maintainer": "Somebody <s@x.example>"},
    "Shell": ["/bin/bash", "-o", "pipefail", "-c"],
}


def config_of(*steps: tuple[str, bool] | dict[str, Any], **fields: Any) -> ImageConfig:
    """Return a config whose history has these steps; True is a step without a layer."""
    history = [
        step if isinstance(step, dict) else {"created_by": step[0], "empty_layer": step[1]}
        for step in steps
    ]
    return ImageConfig.from_document({"config": RUN, "history": history, **fields})


def layers(count: int) -> tuple[Descriptor, ...]:
    return tuple(
        Descriptor("application/vnd.oci.image.layer.v1.tar", Digest.of(bytes([at])), 100 + at)
        for at in range(count)
    )


@pytest.mark.parametrize(
    ("created_by", "text"),
    [
        # the classic builder
        ('/bin/sh -c #(nop)  CMD ["nginx" "-g" "daemon"]', 'CMD ["nginx", "-g", "daemon"]'),
        ("/bin/sh -c #(nop)  CMD [nginx -g daemon off;]", 'CMD ["nginx", "-g", "daemon off;"]'),
        ("/bin/sh -c #(nop)  ENV GREETING=good day", 'ENV GREETING="good day"'),
        ("/bin/sh -c #(nop)  EXPOSE 80/tcp", "EXPOSE 80/tcp"),
        ("/bin/sh -c #(nop)  EXPOSE map[443/tcp:{} 80/tcp:{}]", "EXPOSE 443/tcp 80/tcp"),
        ("/bin/sh -c #(nop)  VOLUME [/var/lib/x /y]", 'VOLUME ["/var/lib/x", "/y"]'),
        ("/bin/sh -c #(nop) ONBUILD RUN echo hi", "ONBUILD RUN echo hi"),
        ("/bin/sh -c #(nop)  MAINTAINER Somebody", "MAINTAINER Somebody"),
        ("cmd /S /C #(nop) WORKDIR C:\\app", "WORKDIR C:\\app"),
        # BuildKit
        ("ENV A=b GREETING=good day", 'ENV A=b GREETING="good day"'),
        ("ENV A=x NOT_KNOWN=y", 'ENV A="x NOT_KNOWN=y"'),
        ("ENV PATH=$HOME/bin \"x\"", 'ENV PATH="\\$HOME/bin \\"x\\""'),
        ("LABEL org.x=y z maintainer=Somebody <s@x.example>",
         'LABEL org.x="y z" maintainer="Somebody <s@x.example>"'),
        ("SHELL [/bin/bash -o pipefail -c]", 'SHELL ["/bin/bash", "-o", "pipefail", "-c"]'),
        ("EXPOSE [80/tcp 443/tcp]", "EXPOSE 80/tcp 443/tcp"),
        ("ARG VERSION=1", "ARG VERSION=1"),
        ("USER 1000:1000", "USER 1000:1000"),
        ("STOPSIGNAL SIGTERM", "STOPSIGNAL SIGTERM"),
        ("COPY --chown=1:1 /src /dst # buildkit", "COPY --chown=1:1 /src /dst"),
        ("RUN |1 VERSION=1 /bin/sh -c make # buildkit", "RUN make"),
        ("RUN /bin/sh -c <<EOF\necho a\nEOF # buildkit", "RUN <<EOF\necho a\nEOF"),
        ("HEALTHCHECK &{[\"CMD-SHELL\" \"curl -f x\"] \"30s\" \"3s\" \"0s\" \"0s\" '\\x03'}",
         "HEALTHCHECK --interval=30s --timeout=3s --retries=3 CMD curl -f x"),
        ("HEALTHCHECK &{[\"CMD\" \"/t\" \"a b\"] \"0s\" \"0s\" \"5s\" '\\x00'}",
         'HEALTHCHECK --start-period=5s CMD ["/t", "a b"]'),
        ("HEALTHCHECK &{[\"NONE\"] \"0s\" \"0s\" \"0s\" '\\x00'}", "HEALTHCHECK NONE"),
        # buildah keeps what was written
        ('/bin/sh -c #(nop) ENV A=b GREETING="good day"', 'ENV A=b GREETING="good day"'),
        ('/bin/sh -c #(nop) LABEL org.x="y z"', 'LABEL org.x="y z"'),
        ("/bin/sh -c #(nop) HEALTHCHECK --interval=5s CMD /bin/true",
         "HEALTHCHECK --interval=5s CMD /bin/true"),
        ('|1 VERSION=1 /bin/sh -c ["/bin/true", "x"]', 'RUN ["/bin/true", "x"]'),
        # kaniko
        ("COPY a.txt /app/", "COPY a.txt /app/"),
        # Windows
        ("cmd /S /C dir", "RUN dir"),
        ("RUN powershell -Command dir # buildkit", "RUN dir"),
        # what would begin another instruction
        ("USER 1\nRUN evil", "USER 1\\nRUN evil"),
        ("RUN /bin/sh -c a\nUSER 0", "RUN <<EOF\na\nUSER 0\nEOF"),
        # what is not understood stays
        ("CMD [\"\\x\"]", "CMD [\"\\x\"]"),
        ("HEALTHCHECK &{odd}", "HEALTHCHECK &{odd}"),
        ("ENV", "ENV"),
    ],
)  # fmt: skip
def test_turns_a_step_back_into_its_instruction(created_by: str, text: str):
    made = written(HistoryEntry(created_by=created_by), config_of())

    assert made is not None
    assert made.text == text


def test_keeps_a_checksum_beside_a_source_that_has_no_name():
    made = written(
        HistoryEntry(created_by="/bin/sh -c #(nop) ADD file:0123abcd in / "), config_of()
    )

    assert made is not None
    assert made.text == "ADD unknown-file /"
    assert made.remarks == ("The builder kept no name, only a checksum: file:0123abcd",)


def test_says_which_build_arguments_a_command_ran_with():
    made = written(
        HistoryEntry(created_by="RUN |2 A=1 B=x /bin/sh -c make # buildkit"), config_of()
    )

    assert made is not None
    assert made.remarks == ("Ran with the build arguments A=1 B=x",)


def test_breaks_a_long_command_where_a_person_would():
    command = 'set -eux; \tapt-get update && apt-get install -y "a && b" && rm -rf /var/lib/apt'

    made = written(HistoryEntry(created_by=f"RUN /bin/sh -c {command} # buildkit"), config_of())

    assert made is not None
    assert made.text.split("\n") == [
        "RUN set -eux; \\",
        "    apt-get update \\",
        '    && apt-get install -y "a && b" \\',
        "    && rm -rf /var/lib/apt",
    ]


def test_breaks_with_a_backtick_on_windows():
    long = f"RUN cmd /S /C {'a' * 60} && {'b' * 60}"
    image = config_of((long, False), os="windows")

    text = dockerfile_of(image, layers(1)).text

    assert text.startswith("# escape=`\n")
    assert f"RUN {'a' * 60} `\n    && {'b' * 60}\n" in text


@given(st.text(alphabet="ab&; \t'\"\\#$()", max_size=300))
def test_changes_only_blanks_when_it_breaks_a_command(command: str):
    made = written(HistoryEntry(created_by=f"RUN {'x' * 90} {command}"), config_of())

    assert made is not None
    joined = made.text.replace(" \\\n", " ")
    assert "".join(joined.split()) == "".join(f"RUN{'x' * 90}{command}".split())
    assert not any(line.lstrip().startswith("#") for line in made.text.split("\n"))


@given(st.sampled_from(sorted(VERBS)), st.text(max_size=200))
def test_never_lets_a_step_begin_another_instruction(verb: str, rest: str):
    image = config_of((f"{verb} {rest}", True))

    for each in dockerfile_of(image, ()).instructions:
        if not each.text.startswith("RUN <<"):
            assert all(line.startswith("    ") for line in each.text.split("\n")[1:])
        assert all("\n" not in comment for comment in each.comments)


@given(st.lists(st.fixed_dictionaries({"created_by": JUNK, "comment": JUNK, "empty_layer": JUNK})))
def test_takes_any_history(history: list[dict[str, Any]]):
    made = dockerfile_of(config_of(*history), layers(2), Base("base:1", layers=1))

    assert made.text.endswith("\n")


@pytest.mark.parametrize(
    "text",
    ["ENV " + "A=b " * 4000, "CMD [" + '"a" ' * 4000, "HEALTHCHECK &{[" + '"\\' * 8000,
     "RUN " + "&& " * 20000, "ENV " + "x" * 16000, "ADD " + "--x " * 4000, "LABEL '" + "=" * 16000],
    ids=lambda text: text[:12],
)  # fmt: skip
def test_takes_hostile_steps_as_they_are(text: str):
    made = dockerfile_of(config_of((text, True)), ())

    assert len(made.instructions) == 2


BASE = (("ADD rootfs.tar /", False), ("CMD [/bin/sh]", True))
OWN = (("ENV A=b", True), ("COPY app /app", False))


def test_leaves_out_the_steps_of_a_base_whose_history_is_known():
    base = Base("alpine:3", config_of(*BASE).history, 1)

    made = dockerfile_of(config_of(*BASE, *OWN), layers(2), base)

    assert [each.text for each in made.instructions] == [
        "FROM alpine:3",
        "ENV A=b",
        "COPY app /app",
    ]
    assert [each.number for each in made.instructions] == [None, None, 2]
    assert made.base_steps == 2
    assert BORDER not in made.notes


def test_says_that_it_is_unsure_where_a_base_ends_of_which_only_layers_are_known():
    made = dockerfile_of(config_of(*BASE, *OWN), layers(2), Base("alpine:3", layers=1))

    assert [each.text for each in made.instructions][:2] == ["FROM alpine:3", "CMD [/bin/sh]"]
    assert BORDER in made.notes


def test_shows_all_steps_if_no_base_is_known():
    made = dockerfile_of(config_of(*BASE, *OWN), layers(2))

    assert made.instructions[0].text == "FROM scratch"
    assert len(made.instructions) == 5
    assert NO_BASE in made.notes


def test_names_a_base_of_which_only_the_name_is_known():
    made = dockerfile_of(config_of(*BASE, *OWN), layers(2), Base("alpine:3"))

    assert made.instructions[0].text == "FROM scratch"
    assert any("based on alpine:3" in note for note in made.notes)


def test_believes_no_name_that_is_none():
    made = dockerfile_of(config_of(*BASE, *OWN), layers(2), Base("x\nRUN evil", layers=1))

    assert "evil" not in made.text


def test_finds_the_base_that_buildah_notes_beside_its_first_step():
    steps: list[dict[str, Any]] = [
        {"created_by": "ADD x /"},
        {"created_by": "CMD x", "empty_layer": True},
        {"created_by": "ARG V", "comment": "FROM localhost/base:1", "empty_layer": True},
        {"created_by": "COPY a b", "comment": "FROM 2adb5461c7c5"},
    ]

    made = dockerfile_of(config_of(*steps), layers(2))

    assert [each.text for each in made.instructions] == [
        "FROM localhost/base:1", "ARG V", "COPY a b",
    ]  # fmt: skip


def test_finds_the_base_that_buildah_notes_beside_the_one_layer_of_a_file():
    steps: list[dict[str, Any]] = [
        {"created_by": "ADD x /"},
        {"created_by": "ARG V", "empty_layer": True},
        {"created_by": "COPY a b", "empty_layer": True},
        {"created_by": "CMD c", "comment": "FROM localhost/base:1"},
    ]

    made = dockerfile_of(config_of(*steps), layers(2))

    assert [each.text for each in made.instructions][:2] == ["FROM localhost/base:1", "ARG V"]
    assert BORDER in made.notes


def test_says_what_no_instruction_made_and_what_has_no_history():
    made = dockerfile_of(config_of(("bazel build ...", True)), layers(1))

    assert [each.comments for each in made.instructions[1:]] == [
        ("No instruction of a Dockerfile did this: bazel build ...",),
        (f"No history tells what made {layers(1)[0].digest}",),
    ]
