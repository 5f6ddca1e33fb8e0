"""The pages of protected tags and retention rules for a reader of Simplified Chinese."""

from datetime import timedelta

import pytest
from django.utils import translation

from registryui.deletion.retention.choosing import choose
from registryui.deletion.retention.conditions import Order, TagFacts, Terms
from registryui.deletion.retention.sentences import why_in_own_language
from tests.chinese import ACCEPT, english_in
from tests.retention.conftest import NOON
from tests.retention.test_rule_pages import browsers, protect, rule, time_machine_noon

__all__ = ["browsers", "time_machine_noon"]


@pytest.fixture
def ann(browsers):
    return browsers["administrator"]


def read(client, address):
    html = client.get(address, headers=ACCEPT).text
    assert '<html lang="zh-Hans">' in html
    assert english_in(html, names=("administrator",)) == []
    return html


def test_lists_protected_tags(ann):
    protect(reason="Es läuft.")

    html = read(ann, "/protection/?tag=latest&repository=team-a/*")

    assert "除管理员外，任何人和任何" in html
    assert "所有注册表的 team-a/* 中的 latest" in html
    assert "1 个仓库中的 1 个标签" in html
    assert "结束对 team-a/* 中 latest 的保护" in html


def test_refuses_a_protection_in_chinese(ann):
    html = ann.post("/protection/", {"tag": "(", "repository": "*"}, headers=ACCEPT).text

    assert "请填写标签，* 代表任意文本：v*、latest，或单独的 *。" in html


def test_shows_a_dry_run(ann, tidy):
    protect(tag="1.0", reason="Es läuft.")
    run = tidy.run(rule(tidy), is_dry=True)

    whole = read(ann, run.get_absolute_url())
    part = read(ann, f"{run.get_absolute_url()}?registry=sample&repository=team-a/app")

    assert f"试运行 {run.pk}" in whole
    assert "按版本保留最新的 3 个" in whole
    assert "要删除的标签超过仓库的 50 % 或为全部时，等待确认" in whole
    assert "将删除 1 个标签" in whole
    assert "启用" in whole
    assert "受保护：team-a/* 中的 1.0（Es läuft.）。" in part
    assert "按版本不属于最新的 3 个。" in part
    assert "按版本，它属于最新的 3 个。" in part
    assert "它不是版本号，无法判断哪些更新，因此保留。" in part


def test_says_what_is_held_and_why(ann, tidy):
    run = tidy.run(rule(tidy, newest=1, max_percent=10, is_on=True))

    html = read(ann, run.get_absolute_url())

    assert "1 个仓库等待确认" in html
    assert "仓库的 6 个标签中将删除 4 个，超过 10 %。" in html


def test_says_why_a_repository_is_left_alone(ann, tidy):
    tidy.registry.deletion_tested_at = None
    tidy.registry.save()
    run = tidy.run(rule(tidy), is_dry=True)

    html = read(ann, run.get_absolute_url())

    assert "尚未测试此注册表是否支持删除。请测试：测试不会删除任何内容。" in html


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({}, ["仅试运行", "在所有标签中", "规则内容"]),
        ({"is_on": True, "next_run_at": NOON + timedelta(hours=3)}, ["每天 03:00 UTC", "停用"]),
        (
            {"days": 30, "pulled_days": 7, "kept": "v*", "untagged_days": 5, "tag": "x*"},
            ["保留构建不满 30 天的标签", "始终保留：v*", "删除已有 5 天没有标签指向的清单"],
        ),
    ],
)
def test_shows_rules(ann, tidy, columns, words):
    row = rule(tidy, **columns)
    tidy.run(row, is_dry=True)

    html = read(ann, row.get_absolute_url())

    assert [each for each in words if each not in html] == []
    assert "Keep three" in read(ann, "/retention/")


def test_previews(ann, tidy):
    html = read(
        ann,
        "/retention/new/?repository=team-a/*&registry=*&tag=*&newest=3&newest_by=VERSION&days_by=CREATED&max_percent=50",
    )

    assert "现在将删除：2 个标签" in html
    assert "team-a/app" in html
    assert "请至少填写一个条件" in ann.post("/retention/new/", {"name": "x"}, headers=ACCEPT).text


def facts(name, **columns):
    values = {"digest": f"sha256:{name}", "created_at": NOON, "moved_at": NOON, **columns}
    return TagFacts(name=name, version_key=name, **values)


def test_says_of_each_tag_why_it_goes_or_stays():
    month = NOON - timedelta(days=61)
    tags = [
        facts("1", digest="same", created_at=month, last_pulled_at=NOON - timedelta(days=40)),
        facts("2", created_at=NOON - timedelta(hours=5)),
        facts("stable", digest="same"),
        facts("mine", created_at=month),
    ]
    terms = Terms(name="a", newest=1, days=30, pulled_days=10, kept=("stable",))
    other = Terms(name="Keep it", days=90, days_by=Order.CREATED, tag="mine")
    rest = Terms(name="b", newest=1, newest_by=Order.CREATED, tag="mine")
    known = NOON - timedelta(days=99)

    verdicts = choose(tags, terms, NOON, pulls_known_since=known).verdicts
    kept = choose(tags[3:], rest, NOON, others=[other], pulls_known_since=known).verdicts

    with translation.override("zh-hans"):
        said = [why_in_own_language(each.why, goes=each.goes) for each in (*verdicts, *kept)]
    assert said == [
        "按版本不属于最新的 1 个；构建于 61 天前；最近拉取于 40 天前。"
        "stable 保留在同一摘要上，因此只删除名称。",
        "按版本，它属于最新的 1 个。",
        "它匹配要保留的 stable。",
        "它不是版本号，无法判断哪些更新，因此保留。",
        "按构建日期，它属于最新的 1 个。",
    ]


def test_names_the_other_rule_that_keeps_a_tag():
    why = "The rule “Keep; it” keeps it: it was built 5 hours ago: within 30 days."

    with translation.override("zh-hans"):
        said = why_in_own_language(why, goes=False)

    assert said == "规则“Keep; it”要保留它：构建时间：5 小时前，在 30 天之内。"
    assert why_in_own_language(why, goes=False) == why
