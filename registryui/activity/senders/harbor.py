"""Webhooks of Harbor, in its own format; cloud_events.py reads its other one."""

from datetime import datetime

from registryui.activity.report import DELETE, PULL, PUSH, Report, digest_in, tag_in, time_in
from registryui.oci.document import Document, list_of, object_of, text_of

TYPES = {"PUSH_ARTIFACT": PUSH, "PULL_ARTIFACT": PULL, "DELETE_ARTIFACT": DELETE}
CLOUD_EVENTS = {
    "harbor.artifact.pushed": PUSH,
    "harbor.artifact.pulled": PULL,
    "harbor.artifact.deleted": DELETE,
}


def read(document: Document) -> list[Report]:
    """Return the events about artifacts; scans, quotas and the like are none of ours."""
    action = TYPES.get(text_of(document, "type"))
    if action is None:
        return []
    return reports(
        object_of(document, "event_data"),
        action,
        event_id="",
        actor=text_of(document, "operator", max_length=200),
        moment=time_in(document.get("occur_at")),
    )


def reports(
    content: Document, action: str, *, event_id: str, actor: str, moment: datetime | None
) -> list[Report]:
    """Return one report for each resource of Harbor's ``event_data``."""
    repository = text_of(object_of(content, "repository"), "repo_full_name")
    resources = [each for each in list_of(content, "resources") if isinstance(each, dict)]
    return [
        Report(
            event_id=f"{event_id}:{position}" if event_id else "",
            action=action,
            repository=repository,
            tag=tag_in(text_of(resource, "tag")),
            digest=digest_in(text_of(resource, "digest")),
            actor=actor,
            happened_at=moment,
        )
        for position, resource in enumerate(resources)
    ]
