"""The pages of builds for a reader of Simplified Chinese."""

from datetime import timedelta

import pytest

from registryui.builds.models import Build
from tests.builds.conftest import COMMIT, post
from tests.catalog.search.rows import NOW, make_image
from tests.chinese import ACCEPT, english_in, reader

PEOPLE = ("administrator", "member")  # names of accounts
PLACE = "/r/main/library/nginx/-/"
PAGES = {
    "builds/": [
        "构建",
        "所有状态",
        "所有分支",
        "成功",
        "上报（ci）",
        "声明（Label）",
        "有矛盾",
        "用时",
    ],
    "builds/?state=failed": ["没有匹配的构建", "显示所有构建"],
    "builds/newest/": ["最新构建", "成功"],
    "builds/badge/": ["徽章", "没有公开地址", "创建公开地址"],
    "manifests/{digest}/built-from/": ["构建来源", "由 CI 上报（ci）", "未经验证。", "提交"],
}


@pytest.fixture
def image(repository, main):
    """An image with a build that CI reported, and a label that says another commit."""
    image = make_image(repository, "one", tags=["1.0"])
    columns = {
        "registry": main,
        "repository": "library/nginx",
        "state": "SUCCEEDED",
        "digest": image.digest,
        "branch": "main",
        "reported_at": NOW,
        "happened_at": NOW,
    }
    reported = Build.objects.create(
        **columns,
        learned="REPORTED",
        external_id="7",
        commit=COMMIT,
        tags=["1.0"],
        reported_by="ci",
        started_at=NOW,
        finished_at=NOW + timedelta(seconds=95),
    )
    Build.objects.create(
        **columns, learned="LABELS", external_id=image.digest, commit="f" * 40, same_as=reported
    )
    return image


def chinese(people, name):
    browser = reader()
    browser.force_login(people[name])
    return browser


@pytest.mark.parametrize("address", PAGES)
def test_speak_chinese(people, image, address):
    html = chinese(people, "administrator").get(PLACE + address.format(digest=image.digest)).text

    assert [words for words in PAGES[address] if words not in html] == []
    assert english_in(html, names=PEOPLE) == []


def test_say_in_chinese_how_to_report_the_first_build(people, repository, main):
    Build.objects.all().delete()

    html = chinese(people, "member").get(f"{PLACE}builds/").text

    assert "尚无已知的构建" in html
    assert english_in(html, names=PEOPLE) == []


def test_offer_the_badge_in_chinese(people, image):
    browser = chinese(people, "administrator")
    browser.post(f"{PLACE}builds/badge/", {"action": "on"})

    html = browser.get(f"{PLACE}builds/badge/").text

    assert "更换地址" in html
    assert english_in(html, names=PEOPLE) == []


def test_answer_programs_in_english(people, image, token):
    secret = token("reporter")
    bearer = {**ACCEPT, "authorization": f"Bearer {secret}"}

    refused = reader().post("/api/builds/", b"[]", content_type="application/json", headers=bearer)
    listed = reader().get(
        "/api/builds/",
        {"repository": "library/nginx"},
        headers={"authorization": bearer["authorization"]},
    )

    assert refused.json() == post([], secret).json()
    assert listed.json()["builds"][0]["state_words"] == "succeeded"
