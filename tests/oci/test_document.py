import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from registryui.oci import document
from registryui.oci.document import InvalidDocumentError, load_list, load_object
from tests.oci.documents import JUNK_BYTES

LIMIT = 8 * 1024 * 1024


def load(content: bytes) -> dict[str, object]:
    return load_object(content, max_bytes=LIMIT)


def test_reads_an_object():
    assert load(b'{"a": [1, 2.5, true, null, "\\u00e9"]}') == {"a": [1, 2.5, True, None, "é"]}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"[]", "JSON array, not an object"),
        (b'"a"', "JSON string"),
        (b"5", "JSON number"),
        (b"2.5", "JSON number"),
        (b"true", "JSON boolean"),
        (b"null", "JSON null"),
        (b"", "not JSON"),
        (b"<html>", "not JSON"),
        (b'{"a": 1', "not JSON"),
        (b'{"a": "\xff"}', "not JSON"),
        (b'\xef\xbb\xbf{"a": 1}', "not JSON"),
        ('{"a": 1}'.encode("utf-16"), "not JSON"),
        (b'{"a": NaN}', "NaN"),
        (b'{"a": -Infinity}', "Infinity"),
        (b'{"a": 1e400}', "too large"),
        (b'{"a": ' + b"9" * 5000 + b"}", "too large"),
        (b'{"a":' + b"[" * 100 + b"]" * 100 + b"}", "too deeply"),
        (b'{"a":' + b"[" * 100_000 + b"]" * 100_000 + b"}", "too deeply"),
        (b'{"a":' * 5000 + b"1" + b"}" * 5000, "too deeply"),
        (b'{"a": [' + b"[]," * 600_000 + b"[]]}", "too many values"),
    ],
)
def test_refuses_hostile_content(content: bytes, words: str):
    with pytest.raises(InvalidDocumentError, match=words):
        load(content)


def test_refuses_more_bytes_than_allowed():
    with pytest.raises(InvalidDocumentError, match="12 bytes, more than 11"):
        load_object(b'{"a": "bcd"}', max_bytes=11)

    assert load_object(b'{"a": "bcd"}', max_bytes=12)


def test_replaces_what_a_database_cannot_store():
    content = b'{"a\\u0000": ["b\\u0000", {"\\ud800": "x\\udfffy"}], "c": "\\ud83d\\ude00"}'

    assert load(content) == {"a\ufffd": ["b\ufffd", {"\ufffd": "x\ufffdy"}], "c": "😀"}


def test_takes_the_last_of_a_repeated_key():
    assert load(b'{"a": 1, "a": 2}') == {"a": 2}


def test_cuts_texts():
    assert document.text_of({"a": "bcd"}, "a", max_length=2) == "bc"
    assert len(document.text_of({"a": "b" * 100_000}, "a")) == document.MAX_TEXT_LENGTH


@pytest.mark.parametrize("value", [None, 5, True, ["a"], {"a": "b"}])
def test_takes_a_wrong_type_for_an_empty_text(value: object):
    assert document.text_of({"a": value}, "a") == ""


@pytest.mark.parametrize(
    ("value", "number"),
    [
        (0, 0),
        (2**53 - 1, 2**53 - 1),
        (2**53, None),
        (-1, None),
        (True, None),
        (1.0, None),
        ("1", None),
        (None, None),
    ],
)
def test_reads_whole_numbers_of_a_safe_size(value: object, number: int | None):
    assert document.integer_of({"a": value}, "a") == number


def test_takes_only_true_for_a_flag():
    assert document.flag_of({"a": True}, "a")
    assert not any(document.flag_of({"a": value}, "a") for value in (False, 1, "true", None))


def test_reads_objects_and_lists():
    assert document.object_of({"a": {"b": 1}}, "a") == {"b": 1}
    assert document.object_of({"a": []}, "a") == {}
    assert document.list_of({"a": [1, 2, 3]}, "a", max_items=2) == [1, 2]
    assert document.list_of({"a": {}}, "a") == []


def test_is_strict_about_lists_that_must_be_whole():
    assert document.strict_list_of({"a": None}, "a", max_items=1) == []
    assert document.strict_list_of({"a": [1]}, "a", max_items=1) == [1]
    with pytest.raises(InvalidDocumentError, match="not a list"):
        document.strict_list_of({"a": {}}, "a", max_items=1)
    with pytest.raises(InvalidDocumentError, match="more than 1"):
        document.strict_list_of({"a": [1, 2]}, "a", max_items=1)


def test_leaves_out_what_is_no_text():
    assert document.texts_of({"a": ["b", 1, None, "c"]}, "a") == ("b", "c")
    assert document.pairs_of({"a": {"b": "c", "d": 1, "e": None}}, "a") == (("b", "c"),)
    assert document.pairs_of({"a": []}, "a") == ()


def test_reads_the_names_of_a_set():
    assert document.names_of({"a": {"80/tcp": {}, "53/udp": None}}, "a") == ("80/tcp", "53/udp")


def test_caps_pairs():
    many: Any = {"a": {str(number): "x" * 70_000 for number in range(3)}}
    many["a"] |= {f"b{number}": "x" for number in range(3000)}

    pairs = document.pairs_of(many, "a")

    assert len(pairs) == document.MAX_PAIRS
    assert len(pairs[0][1]) == document.MAX_TEXT_LENGTH


@given(JUNK_BYTES)
def test_raises_nothing_but_its_error(content: bytes):
    try:
        loaded = load(content)
    except InvalidDocumentError:
        return

    assert "\x00" not in json.dumps(loaded, ensure_ascii=False).encode().decode()


@given(
    st.dictionaries(
        st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])),
        st.integers(-(2**60), 2**60) | st.booleans() | st.none(),
    )
)
def test_reads_what_json_writes(written: dict[str, object]):
    assert load(json.dumps(written).encode()) == written


def test_reads_arrays_where_they_are_asked_for():
    assert load_list(b'[1, {"a": "\\u0000"}]', max_bytes=LIMIT) == [
        1,
        {"a": "\N{REPLACEMENT CHARACTER}"},
    ]
    with pytest.raises(InvalidDocumentError, match="JSON object, not an array"):
        load_list(b"{}", max_bytes=LIMIT)
