"""The settings of registries for an administrator who reads Simplified Chinese."""

import pytest

from registryui.catalog.models import RegistrySettings
from tests.chinese import ACCEPT, english_in
from tests.registries.adding import PASSWORD, add_typed, filled

pytestmark = pytest.mark.django_db
PAGE = "/registries/add/"


def look(client, address):
    html = client.get(address, headers=ACCEPT).text
    assert english_in(html) == []
    return html


def test_asks_in_chinese(administrator):
    html = look(administrator, PAGE)

    expected = ("添加注册表", "位置", "客户端证书", "每秒请求数", "测试并保存")
    assert [words for words in expected if words not in html] == []


def test_shows_the_settings_and_what_removing_means(administrator):
    add_typed("mine", username="robot", secrets={"password": PASSWORD})

    assert "已保存" in look(administrator, "/r/mine/-/settings/")
    assert "1 个机密，任何人都无法再读出。" in look(administrator, "/r/mine/-/settings/remove/")


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ({"url": "registry.example"}, "需要形如 https://registry.example:5000 的地址"),
        ({"hook_secret": "short"}, "hook_secret 至少要有 16 个字符"),
        ({"ca_pem": "x"}, "这不是 PEM 格式的证书。"),
        ({"catalog": "ghcr"}, "catalog = ghcr 需要 namespaces：要列出的用户或组织。"),
        ({"slug": "A b"}, "请使用小写字母、数字和单个连字符"),
    ],
)
def test_says_in_chinese_what_cannot_work(administrator, typed, expected):
    sent = filled("https://registry.example") | typed

    html = administrator.post(PAGE, sent, headers=ACCEPT).text

    assert expected in html.replace("&#x27;", "'")
    assert not RegistrySettings.objects.exists()
