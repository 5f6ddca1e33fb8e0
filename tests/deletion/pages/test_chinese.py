"""The pages of deletions for a reader of Simplified Chinese, and what is written down for all."""

import pytest
from django.utils import translation

from registryui.audit.models import AuditEvent
from registryui.deletion.execution.subjects import IT, STAND_IN, tag_named
from registryui.deletion.execution.verify import LOOK_FIRST
from registryui.deletion.models import Operation, ProtectionRule, Step
from registryui.web.sentences import in_own_language
from tests.chinese import ACCEPT, english_in
from tests.deletion.pages.conftest import NAME, PATH, PLAN
from tests.deletion.pages.test_plan import form_of, plan_of
from tests.sync.conftest import NOON

DIGEST = "sha256:" + "a" * 64
LEFT = (
    "The manifest is gone, but 2.0 is still there. "
    "Look at what is there now, and delete it if it is to go."
)


def read(client, address):
    html = client.get(address, headers=ACCEPT).text
    assert '<html lang="zh-Hans">' in html
    assert english_in(html, names=("team",)) == []
    return html


@pytest.fixture
def operation(maintainer, shelf):
    """Return a deletion that a reader of Chinese confirmed."""
    form = form_of(plan_of(maintainer, "tag=rc1&tag=1.0&tag=2.0&tag=latest"))
    maintainer.post(PLAN, form, headers=ACCEPT)
    return Operation.objects.get()


def end(operation, *reasons):
    for step, reason in zip(operation.steps.order_by("position"), reasons, strict=False):
        state = Step.State.FAILED if reason else Step.State.DONE
        Step.objects.filter(pk=step.pk).update(state=state, reason=reason, finished_at=NOON)
    Operation.objects.filter(pk=operation.pk).update(started_at=NOON, finished_at=NOON)


def test_plans(maintainer, shelf):
    ProtectionRule.objects.create(tag="rc*", reason="Wir brauchen es.", created_at=NOON)

    html = read(maintainer, f"{PLAN}?tag=latest&tag=rc1&tag=1.0&tag=never")

    assert f"{NAME}：删除 2 个标签" in html
    assert "将删除 1.0 和 latest。" in html
    assert "同时删除其清单，因为没有其他引用指向它：1 × OCI 镜像。" in html
    assert "先替换，再删除替换它的内容；镜像保留在 2.0 之下" in html
    assert "受保护：* 中的 rc*（Wir brauchen es.）。" in html
    assert 'title="* 中的 rc*（Wir brauchen es.）"' in html
    assert "never 不存在，或已不存在。" in html


def test_says_why_nothing_can_be_deleted(maintainer, shelf):
    shelf.knows(pushes=False)

    html = read(maintainer, f"{PLAN}?tag=latest")

    assert "此注册表只能按摘要删除，而 2.0 指向同一摘要，因此会一并删除。" in html
    assert "可以先替换该标签再删除，但我们的凭据无权向那里推送。" in html


@pytest.mark.parametrize(
    ("query", "words"),
    [
        ("", ["没有选择任何内容", "返回标签列表"]),
        ("all=1", ["不是您逐一选择的。", "此注册表", "登录身份"]),
        ("tag=never", ["没有要删除的内容"]),
    ],
)
def test_plans_other_things(maintainer, shelf, query, words):
    html = read(maintainer, f"{PLAN}?{query}")

    assert [each for each in words if each not in html] == []


def test_says_in_chinese_what_changed_since(maintainer, shelf):
    form = form_of(plan_of(maintainer, "tag=latest&tag=rc1"))
    ProtectionRule.objects.create(tag="rc*", created_at=NOON)

    html = maintainer.post(PLAN, form, headers=ACCEPT).text

    assert "您查看之后情况已有变化，因此未做任何操作。" in html
    assert "不再删除 rc1。" in html


def test_writes_down_english_whoever_confirms_it(operation):
    details = [each for each in AuditEvent.objects.values_list("details", flat=True) if each]

    assert set(operation.steps.values_list("about", flat=True)) == {"OCI image, linux/amd64"}
    assert details[-1]["tags"] == "1.0, 2.0, latest and rc1"


def test_shows_an_operation(maintainer, operation):
    waiting = read(maintainer, operation.get_absolute_url())
    end(operation, "", LEFT)

    html = read(maintainer, operation.get_absolute_url())

    assert "个步骤等待工作进程；尚未做任何更改。" in waiting
    assert f"{NAME}：删除" in html
    assert "个步骤中只完成了 1 个；未完成的步骤及原因见下文。" in html
    assert "未完成：失败" in html
    assert "清单已删除，但 2.0 仍然存在。请查看现在的内容，如需删除请另行删除。" in html
    assert "OCI 镜像" in html
    assert "没有标签的清单；在 2.8 中" in html


def test_offers_to_undo_it(maintainer, operation):
    end(operation, "", "", "")

    html = read(maintainer, f"{operation.get_absolute_url()}undo/")

    assert "恢复 3 个清单" in html
    assert "它已经存在。" in html
    assert "个清单，与之前逐字节相同。" in html


@pytest.mark.parametrize(
    ("address", "words"),
    [
        ("/operations/", ["操作记录", "所有类型", "等待中"]),
        ("/operations/?who=nobody", ["没有匹配的操作"]),
        (f"{PATH}-/operations/", ["此仓库中的删除、恢复和复制"]),
    ],
)
def test_lists_operations(maintainer, operation, address, words):
    html = read(maintainer, address)

    assert [each for each in words if each not in html] == []


def test_copies(maintainer, shelf):
    page = read(maintainer, f"{PATH}-/copy/?digest={shelf.digest_of('rc1')}")

    form = {"digest": shelf.digest_of("rc1"), "tag": "1.0"}
    refused = maintainer.post(f"{PATH}-/copy/", form, headers=ACCEPT).text

    assert "复制到另一个标签" in page
    assert "1.0 指向另一个镜像。要移动它，请勾选复选框。" in refused


def test_says_of_every_way_to_end_what_became_of_it():
    with translation.override("zh-hans"):
        for subject, name in ((IT, "它"), (STAND_IN, "替换该标签的内容"), (tag_named("v1"), "v1")):
            said = in_own_language(f"{subject.is_gone} {subject.is_unchanged}")
            assert said.replace(" ", "") == f"{name}已不存在。{name}仍然存在，没有变化。"
            unseen = subject.is_unseen.replace("{reason}", f"{subject.was_gone} {LOOK_FIRST}")
            assert in_own_language(unseen).endswith(
                "未删除任何内容。在进行其他操作之前，请先在注册表中查看。"
            )


def test_reads_several_places_in_one_sentence():
    said = (
        f"Nothing was deleted: a points to {DIGEST} by now, b points to {DIGEST} by now, "
        "which is not what was confirmed. Plan again if it is to go nevertheless."
    )

    with translation.override("zh-hans"):
        assert in_own_language(said) == (
            f"未删除任何内容：a 现在指向 {DIGEST}，b 现在指向 {DIGEST}，与确认时不同。"
            "如果仍要删除，请重新制定计划。"
        )
