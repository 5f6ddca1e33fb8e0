"""Notifications of distribution, the registry that most others are made from.

Its envelope is the same in 2.x and 3.x, only the content type differs. Azure sends one such event
without the envelope.
"""

from registryui.activity.report import DELETE, PULL, PUSH, Report, digest_in, tag_in, time_in
from registryui.oci.document import Document, list_of, object_of, text_of

ACTIONS = {"push": PUSH, "pull": PULL, "delete": DELETE}
# How it describes layers and configs, of which each push has many.
BLOB = "application/octet-stream"


def read(document: Document) -> list[Report]:
    """Return the events about manifests; those about blobs are part of some manifest's push."""
    events = list_of(document, "events") if "events" in document else [document]
    reports = (_report(event) for event in events if isinstance(event, dict))
    return [report for report in reports if report is not None]


def _report(event: Document) -> Report | None:
    target, request = object_of(event, "target"), object_of(event, "request")
    action = ACTIONS.get(text_of(event, "action"))
    media_type = text_of(target, "mediaType", max_length=255)
    if action is None or media_type == BLOB:
        return None
    return Report(
        event_id=text_of(event, "id"),
        action=action,
        repository=text_of(target, "repository"),
        tag=tag_in(text_of(target, "tag")),
        digest=digest_in(text_of(target, "digest")),
        media_type=media_type,
        actor=text_of(object_of(event, "actor"), "name", max_length=200),
        user_agent=text_of(request, "useragent", max_length=300),
        address=text_of(request, "addr", max_length=100),
        happened_at=time_in(event.get("timestamp")),
    )
