"""The pages of the index for a reader of Simplified Chinese."""

import pytest

from registryui.catalog.models import Registry, Tag
from tests.chinese import english_in, reader

PAGES = {
    "/": ["注册表", "仓库", "占用空间", "同步于"],
    "/r/sample/": ["筛选仓库", "最新标签", "显示 1 个空仓库", "更改时间"],
    "/r/sample/?q=nothing-like-it": ["没有名称包含“nothing-like-it”的仓库", "显示所有仓库"],
    "/r/sample/library/registry/": ["个标签", "压缩大小", "首次发现", "所有平台"],
    "/r/sample/library/registry/?q=nothing-like-it": ["没有名称包含“nothing-like-it”的标签"],
    "/r/sample/library/registry/-/tags/latest/": ["层", "入口点", "构建于", "标签的历史"],
    "/r/sample/library/registry/-/manifests/{digest}/": ["按摘要，内容始终不变", "OCI 索引"],
    "/r/sample/library/registry/-/manifests/{digest}/raw/": ["摘要与我们保存的字节相符", "字节"],
    "/r/sample/xymtest/hostile/-/tags/latest/": ["环境变量"],
    "/r/sample/charts/gateway/-/tags/1.1.0/": ["Chart 文件", "应用版本"],
    "/search/": ["可以搜索什么", "多个词必须全部匹配。"],
    "/search/?q=centos": ["仓库", "标签", "镜像"],
    "/search/?q=nothing-like-it&platform=linux/amd64": ["没有找到", "适用于 linux/amd64"],
}


@pytest.mark.parametrize("address", PAGES)
def test_speaks_chinese(registry, address):
    tag = Tag.objects.get(repository__name="library/registry", name="latest")

    html = reader().get(address.format(digest=tag.manifest.digest)).text

    assert '<html lang="zh-Hans">' in html
    assert [words for words in PAGES[address] if words not in html] == []
    # What an image calls itself, a value in its environment, and its user.
    assert english_in(html, names=("Registry", "registry", "none", "root")) == []


def test_says_in_chinese_why_an_index_is_old(registry):
    error = "cr.example did not answer in time."
    Registry.objects.filter(pk=registry.pk).update(last_error="", failed_count=2)

    html = reader().get("/r/sample/").text

    assert "有 2 个仓库无法读取。" in html
    assert error not in html


@pytest.mark.parametrize("address", ["/", "/r/sample/library/registry/", "/search/?q=centos"])
def test_gives_programs_the_same_whoever_asks(client, registry, address):
    query = f"{address}{'&' if '?' in address else '?'}format=json"

    assert reader().get(query).json() == client.get(query).json()
