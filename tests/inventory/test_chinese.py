"""The inventory for a reader of Simplified Chinese."""

import pytest

from tests.chinese import english_in, reader

PAGES = {
    "/inventory/": [
        "盘点",
        "个标签",
        "导出为 CSV",
        "以 root 运行",
        "未签名",
        "运行用户",
        "不限时间",
    ],
    "/inventory/?repository=xymtest/hostile": ["疑似机密的变量", "源码与基础镜像"],
    "/inventory/?finding=root,old": ["同时显示其他标签", "构建于 30 天以前"],
    "/inventory/?q=nothing-like-it": ["没有符合条件的标签", "没有一个满足所有条件"],
    "/inventory/summary/": ["汇总与说明", "各类问题的含义", "最多显示最大的 100 个命名空间"],
    "/r/sample/xymtest/hostile/-/tags/latest/findings/": ["发现的问题", "疑似机密的变量", "截至"],
}


@pytest.mark.parametrize("address", PAGES)
def test_speaks_chinese(registry, address):
    html = reader().get(address).text

    assert [words for words in PAGES[address] if words not in html] == []
    assert english_in(html, names=("root",)) == []  # what images run as


@pytest.mark.parametrize("kind", ["csv", "jsonl"])
def test_exports_the_same_whoever_asks(client, registry, kind):
    address = f"/inventory/export/?as={kind}&repository=library/registry"

    files = [asking.get(address).getvalue() for asking in (reader(), client)]

    assert files[0] == files[1] != b""
