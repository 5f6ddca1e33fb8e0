"""Docker Hub's results for a reader of Simplified Chinese."""

import pytest

from tests.chinese import english_in, reader
from tests.hub.fake import FakeHub


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("q=centos", ["搜索 Docker Hub", "官方", "自动构建", "拉取次数", "星标"]),
        ("q=centos&stars=7000", ["取自 Docker Hub 最先找到的 3 个结果。"]),
        ("q=centos&stars=9000000", ["Docker Hub 为“centos”最先找到的 3 个仓库都没有这些标记。"]),
        ("q=", ["请输入要在 Docker Hub 搜索的名称。"]),
    ],
)
def test_speaks_chinese(hub: FakeHub, query: str, expected: list[str]) -> None:
    html = reader().get(f"/search/hub/?{query}").text

    assert [words for words in expected if words not in html] == []
    assert english_in(html) == []


def test_says_in_chinese_why_docker_hub_says_nothing(hub: FakeHub) -> None:
    hub.status = "429 Too Many Requests"

    html = reader().get("/search/hub/?q=centos").text

    assert "Docker Hub 目前已收到来自此地址的足够多的搜索。" in html
    assert "请一分钟后重试。" in html
    assert english_in(html) == []
