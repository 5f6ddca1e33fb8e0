"""Connecting, the doctor and error messages for a reader of Simplified Chinese."""

import re
from html import unescape

import pytest

from registryui.connect.diagnosing import new_diagnosis
from registryui.connect.explanations import EXPLANATIONS
from registryui.connect.models import Diagnosis, DiagnosisLook
from registryui.connect.tools.chosen import TOOLS
from registryui.declarations import Declaration
from registryui.sample.registry import SampleRegistry
from registryui.sample.serving import serve
from tests.chinese import english_in, reader
from tests.connect.examining import BY, diagnosis_of
from tests.indexing import NOW
from tests.people import make_people

CONNECT = "/r/sample/-/connect/"
DOCTOR = "/r/sample/-/doctor/"
EXPLAIN = "/explain/"
PEOPLE = ("administrator",)  # the name of an account
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


@pytest.fixture
def administrator(db):
    browser = reader()
    browser.force_login(make_people()["administrator"])
    return browser


@pytest.mark.parametrize("tool", [tool.key for tool in TOOLS])
def test_writes_the_same_commands_with_chinese_words(client, registry, tool):
    address = f"{CONNECT}?tool={tool}"

    html, english = reader().get(address).text, client.get(address).text

    assert "按摘要" in html or tool == "helm"
    assert "您的机器可能需要的设置" in html
    assert "自建注册表" in html
    assert english_in(html, names=PEOPLE) == []
    assert commands_in(html) == commands_in(english)


def commands_in(html: str) -> list[str]:
    return re.findall(r"<pre.*?</pre>", html, re.DOTALL)


def test_explains_messages_in_chinese(db):
    html = reader().get(EXPLAIN).text

    assert "错误消息的含义" in html
    assert html.count("<article") == len(EXPLANATIONS)
    assert english_in(html, names=PEOPLE) == []


def test_says_in_chinese_that_it_does_not_know_a_message(db):
    html = reader().get(EXPLAIN, {"q": "nothing like it"}).text

    assert "我们不认识这条消息" in html
    assert english_in(html, names=PEOPLE) == []


def test_recognises_a_pasted_message_in_chinese(registry):
    html = reader().get("/search/", {"q": "no basic auth credentials"}).text

    assert "这看起来是一条错误消息：客户端没有此主机的登录凭据。" in html
    assert "如何处理" in html


def test_offers_an_examination_in_chinese(registry, administrator):
    html = administrator.get(DOCTOR).text

    assert "尚未诊断" in html
    assert "开始诊断" in html
    assert english_in(html, names=PEOPLE) == []


def test_tells_in_chinese_what_it_found(registry, settings, administrator):
    with serve(SampleRegistry()) as url:
        diagnosis_of(settings, Declaration(slug="sample", url=url), with_deletion=True)

    html = administrator.get(DOCTOR).text

    cells = re.findall(r'<td class="breakable prose">(.*?)</td>', html, re.DOTALL)
    assert len(cells) == DiagnosisLook.objects.count() > 10
    tested = DiagnosisLook.objects.get(key="deletion").words
    assert [cell for cell in cells if not _CHINESE.search(cell) and tested not in cell] == []
    assert english_in(html, names=PEOPLE) == []


@pytest.mark.parametrize(
    ("words", "fix", "shown"),
    [
        ("TLS: names has to work first.", "", ("须先通过“TLS：名称”。", "")),
        (
            "Its clock is 1,200 seconds behind ours.",
            "Renew it.",
            ("它的时钟比我们的慢 1,200 秒。", "请更新证书。"),
        ),
        (
            "It accepts the user name and password in what docker-credential-pass keeps.",
            "",
            ("它接受用户名和密码（由 docker-credential-pass 保存）。", ""),
        ),
        (  # an error: its cause and its remedy are known together
            "The registry 'a' is not declared any more, so it cannot be reached.",
            "Declare it again in the settings.",
            ("注册表 'a' 已不再声明，因此无法访问。", "请在设置中重新声明。"),
        ),
        ("Nobody knows this.", "Nor that.", ("Nobody knows this.", "Nor that.")),
    ],
)
def test_puts_cause_and_remedy_into_chinese(registry, administrator, words, fix, shown):
    found = new_diagnosis(registry, by=BY, with_deletion=False, now=NOW)
    found.looks.create(key="tags", state="BROKEN", words=words, fix=fix, milliseconds=1)
    Diagnosis.objects.filter(pk=found.pk).update(finished_at=NOW)

    html = unescape(administrator.get(DOCTOR).text)
    twin = administrator.get(DOCTOR, {"format": "json"}).json()

    assert [text for text in shown if text and text not in html] == []
    assert [(look["words"], look["fix"]) for look in twin["diagnosis"]["looks"]] == [(words, fix)]
