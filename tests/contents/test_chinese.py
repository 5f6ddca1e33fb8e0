"""The files of images for a reader of Simplified Chinese."""

import gzip

import pytest

from registryui.contents.models import Reading
from tests.chinese import ACCEPT, english_in
from tests.contents.archives import tar
from tests.contents.site import Made, files_address, layer_address, read, work

BASE = Made(gzip.compress(tar(("etc/hosts", b"old\n"), ("usr/bin/tool", bytes(range(256))))))
TOP = Made(gzip.compress(tar(("etc/hosts", b"new\n"), ("usr/bin/.wh.tool", b""))))
BROKEN = Made(gzip.compress(b"no archive" * 100))


def look(client, address, **query):
    html = client.get(address, query, headers=ACCEPT).text
    assert '<html lang="zh-Hans">' in html
    assert english_in(html) == []
    return html


@pytest.fixture
def row(administrator, site):
    row = site.image(BASE, TOP)
    read(administrator, row)
    return row


def test_asks_in_chinese_whether_layers_are_to_be_read(administrator, site):
    html = look(administrator, files_address(site.image(BASE, TOP)))

    assert "读取各层" in html
    assert "从注册表获取 2 层" in html


def test_shows_the_files_of_an_image_and_of_a_layer(administrator, row):
    image = look(administrator, files_address(row))
    layer = look(administrator, layer_address(TOP))

    assert [words for words in ("容器所见", "所有层", "整个层", "浪费") if words not in image] == []
    assert "根目录" in look(administrator, files_address(row), path="etc")
    assert "的第 2 层，共 2 层" in layer
    assert "浪费的空间" in look(administrator, files_address(row, "waste/"))


def test_opens_files(administrator, row):
    text = look(administrator, files_address(row, "open/"), path="etc/hosts")

    assert "下载" in text
    assert "层 2" in text


def test_keeps_in_english_why_a_layer_was_not_read_and_shows_it_in_chinese(administrator, site):
    row = site.image(BROKEN)
    administrator.post(files_address(row), headers=ACCEPT)
    work()

    html = look(administrator, files_address(row))

    assert Reading.objects.get().error.startswith("The layer is no tar archive, or is broken")
    assert "层不是 tar 归档，或已损坏：一个头部的校验和不正确。" in html
