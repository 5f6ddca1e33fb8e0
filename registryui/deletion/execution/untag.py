"""Deletes a tag alone, where the registry does that."""

from registryui.deletion.execution.subjects import tag_named
from registryui.deletion.execution.verdict import Verdict, gone, moved
from registryui.deletion.execution.verify import delete
from registryui.deletion.execution.work import Task


def untag(task: Task) -> Verdict:
    """Delete the tag if it points where it did when that was confirmed."""
    tag = task.step.tag
    at = task.work.find(tag)
    if at is None:
        return gone(tag_named(tag), is_again=task.is_again)
    if at != task.step.digest:
        return moved(tag, at)
    return delete(task, tag, tag_named(tag))
