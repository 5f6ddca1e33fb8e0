"""Stored English sentences, shown in the reader's language."""

import re

import pytest
from django.utils import translation
from django.utils.translation import gettext

from registryui.web.sentences import Template, in_own_language
from tests import messages


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
        (
            "Nobody knows “this” one. Or “that.” Or what.",
            "Nobody knows “this” one. Or “that.” Or what.",
        ),
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


@pytest.mark.parametrize(
    "piece",
    ["The registry calls it , the manifest itself says ", "a. ", "x It says: “y” ", "a: ", "\n"],
)
@pytest.mark.parametrize("length", [300, 1999, 5000])
def test_bears_whatever_a_registry_wrote(piece, length):
    with translation.override("zh-hans"):
        assert in_own_language((piece * length)[:length])


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (
            "registry.example does not allow us to list the tags of team/app. "
            "Ask the registry's administrator for permission to pull. It says: “no, go away”",
            "registry.example 不允许我们列出 team/app 的标签。请向注册表的管理员申请拉取权限。"
            "它的说明：“no, go away”",
        ),
        (
            "The list of repositories is incomplete: registry.example did not answer in time. "
            "Check that it runs and that no firewall is in between.",
            "仓库列表不完整：registry.example 没有及时应答。"
            "请检查它是否在运行，以及中间是否有防火墙。",
        ),
        (
            "3 of 9 tags could not be read: a, b, c. a: registry.example could not read "
            "team/app:a: it does not have it, or hides it from us. The next sync tries again.",
            "共 9 个标签，其中 3 个无法读取：a, b, c。a：registry.example 无法读取 "
            "team/app:a：它没有该内容，或对我们隐藏。下次同步会重试。",
        ),
        (
            "wrong code; more from this address is not recorded before the next minute",
            "验证码错误；来自此地址的更多记录在下一分钟之前不再记下",
        ),
        (
            "granted: Members of Platform may browse and delete team/* in all registries.",
            "授权：Platform 的成员可以浏览和删除所有注册表中的 team/*。",
        ),
    ],
)
def test_translates_what_is_put_into_one_another(stored, shown):
    with translation.override("zh-hans"):
        assert in_own_language(stored) == shown


def test_translates_every_template_that_may_be_stored():
    """Whatever is put in, each template is told from all others by what stands between."""
    with translation.override("zh-hans"):
        for text in stored_templates():
            gaps = dict.fromkeys(re.findall(r"\{(\w+)\}", text), "x1")

            assert in_own_language(text.format(**gaps)) == gettext(text).format(**gaps), text


def stored_templates():
    catalog = messages.read(messages.CATALOGS["zh_Hans"])
    return [entry.msgid for entry in catalog if re.search(r"\{\w+\}", entry.msgid)]
