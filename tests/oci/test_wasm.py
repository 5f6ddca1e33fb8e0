import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci.wasm import (
    MOST_NAMES,
    Export,
    Import,
    InvalidModuleError,
    Module,
    parse_module,
)

HEAD = b"\0asm\x01\0\0\0"


def number(value: int) -> bytes:
    """Write an unsigned number in LEB128."""
    low, rest = value & 0x7F, value >> 7
    return bytes([low | 0x80]) + number(rest) if rest else bytes([low])


def name(text: str) -> bytes:
    content = text.encode()
    return number(len(content)) + content


def section(kind: int, *parts: bytes) -> bytes:
    content = number(len(parts)) + b"".join(parts)
    return bytes([kind]) + number(len(content)) + content


def test_reads_what_a_module_wants_and_offers():
    imports = section(
        2,
        name("wasi") + name("fd_write") + b"\x00" + number(300),
        name("env") + name("table") + b"\x01\x70\x01" + number(1) + number(9),
        name("env") + name("memory") + b"\x02\x00" + number(1),
        name("env") + name("base") + b"\x03\x7f\x00",
        name("env") + name("error") + b"\x04\x00" + number(0),
        name("env") + name("typed") + b"\x03\x63" + number(5) + b"\x01",
    )
    exports = section(7, name("run") + b"\x00" + number(7), name("é") + b"\x02\x00")

    module = parse_module(HEAD + section(1, b"\x60\0\0") + imports + exports + section(10, b"code"))

    assert module == Module(
        imports=(
            Import("wasi", "fd_write", "function"),
            Import("env", "table", "table"),
            Import("env", "memory", "memory"),
            Import("env", "base", "global"),
            Import("env", "error", "tag"),
            Import("env", "typed", "global"),
        ),
        exports=(Export("run", "function"), Export("é", "memory")),
    )


def test_says_that_a_component_is_one():
    assert parse_module(b"\0asm\x0d\0\x01\0rest") == Module(is_component=True)


def test_reads_what_there_is_of_a_beginning():
    whole = HEAD + section(7, name("run") + b"\x00\x00") + section(10, b"code" * 100)

    assert parse_module(whole[:-50]) == Module(exports=(Export("run", "function"),), is_cut=True)


def test_reads_no_more_names_than_the_most():
    exports = section(7, *[name("x") + b"\x00\x00"] * (MOST_NAMES + 5))

    module = parse_module(HEAD + exports)

    assert (len(module.exports), module.is_cut) == (MOST_NAMES, True)


@pytest.mark.parametrize(
    "rest",
    [
        b"\x07" + number(2**31),
        b"\x07\x05" + number(2**31),
        b"\x07\x03\x01" + number(200),
        b"\x02\xff\xff\xff\xff\xff\xff",
        section(2, name("a") + name("b") + b"\x09"),
        b"\x07\x02\x01\x00",
    ],
    ids=["a huge section", "a huge count", "a huge name", "a long number", "a kind", "no end"],
)
def test_stops_where_a_module_is_damaged(rest: bytes):
    assert parse_module(HEAD + rest).is_cut


@pytest.mark.parametrize("content", [b"", b"\0asm", b"\0asm\x02\0\0\0", b"MZ" + b"\0" * 20])
def test_refuses_what_is_no_module(content: bytes):
    with pytest.raises(InvalidModuleError):
        parse_module(content)


@given(st.binary(max_size=400))
def test_takes_any_bytes_after_the_head(rest: bytes):
    module = parse_module(HEAD + rest)

    assert len(module.imports) + len(module.exports) <= len(rest)
