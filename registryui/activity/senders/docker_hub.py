"""Webhooks of Docker Hub: pushes only, without a digest and without a signature.

Its ``callback_url`` is never called: it could be anything.
"""

from registryui.activity.report import PUSH, Report, tag_in, time_in
from registryui.oci.document import Document, object_of, text_of


def read(document: Document) -> list[Report]:
    """Return the push."""
    push, repository = object_of(document, "push_data"), object_of(document, "repository")
    return [
        Report(
            action=PUSH,
            repository=text_of(repository, "repo_name"),
            tag=tag_in(text_of(push, "tag")),
            actor=text_of(push, "pusher", max_length=200),
            happened_at=time_in(push.get("pushed_at")),
        )
    ]
