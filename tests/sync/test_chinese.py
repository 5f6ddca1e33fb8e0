"""What is watched, for an administrator who reads Simplified Chinese."""

import pytest

from registryui.sync.models import WatchedName
from tests.chinese import ACCEPT, english_in
from tests.people import administrators_browser
from tests.sync.conftest import Sync, three_repositories

pytestmark = pytest.mark.django_db
PAGE = "/r/default/-/watched/"


@pytest.fixture
def closed(sync: Sync) -> Sync:
    """Return the sync of a registry without a catalog."""
    three_repositories(sync)
    sync.sample.switches.has_catalog = False
    sync.run()
    return sync


def test_shows_what_is_watched_and_why_nothing_else_is_listed(closed: Sync) -> None:
    client = administrators_browser()
    client.post(PAGE, {"names": "app\nteam/*\nnot-there"}, headers=ACCEPT)
    closed.run()

    html = client.get(PAGE, headers=ACCEPT).text
    front = client.get("/r/default/", headers=ACCEPT).text

    assert "此注册表不列出它的仓库：关注什么就显示什么。" in html
    assert "不再关注 team/*" in html
    assert (english_in(html), english_in(front)) == ([], [])
    assert WatchedName.objects.count() == 3


def test_refuses_in_chinese_what_names_no_repository(closed: Sync) -> None:
    html = administrators_browser().post(PAGE, {"names": "A b"}, headers=ACCEPT).text

    assert "这些不是仓库名称：" in html
