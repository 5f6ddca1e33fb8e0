"""Stored English sentences, shown in the reader's language."""

import pytest
from django.utils import translation

from registryui.web.sentences import Template, in_own_language


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        ("It has not been read yet.", "尚未读取。"),
        ("2 repositories could not be read.", "有 2 个仓库无法读取。"),
        (
            "It has not been read yet. 2 repositories could not be read.",
            "尚未读取。有 2 个仓库无法读取。",
        ),
        ("It has not been read yet.\nIt has not been read yet.", "尚未读取。\n尚未读取。"),
        ("Nobody knows this. It has not been read yet.", "Nobody knows this. 尚未读取。"),
        ("It has not been read yet. Nobody knows this.", "尚未读取。Nobody knows this."),
        ("gzip layer, encrypted", "gzip 层，已加密"),
        ("application/x, encrypted", "application/x，已加密"),
        ("Nobody knows this.", "Nobody knows this."),
        ("", ""),
        (". . . ", ". . . "),
        ("{number} repositories could not be read.", "有 {number} 个仓库无法读取。"),
    ],
)
def test_finds_the_template_of_a_stored_sentence(stored, shown):
    with translation.override("zh-hans"):
        assert in_own_language(stored) == shown


def test_leaves_english_alone():
    assert in_own_language("It has not been read yet.") == "It has not been read yet."


def test_carries_over_what_was_put_in_whatever_it_is():
    with translation.override("zh-hans"):
        shown = in_own_language("The registry calls it %(x)s {0}, the manifest itself says <b>.")

    assert shown == "注册表称其为 %(x)s {0}，而清单自己说是 <b>。"


def test_does_not_translate_what_others_named():
    with translation.override("zh-hans"):
        assert "适用于 tags；" in in_own_language("3 entries are for tags; clients take the first.")


def test_needs_the_same_text_in_both_gaps_of_one_name():
    template = Template.of("{host} is not {host}.")

    assert template.pattern.fullmatch("a is not a.")
    assert not template.pattern.fullmatch("a is not b.")


def test_does_not_take_for_ever_over_a_long_text():
    with translation.override("zh-hans"):
        text = "The registry calls it , the manifest itself says " * 80

        assert in_own_language(text)
