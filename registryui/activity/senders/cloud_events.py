"""CloudEvents over HTTP, in both modes: what zot sends, and Harbor if told to."""

from collections.abc import Mapping

from registryui.activity.report import DELETE, PUSH, Report, digest_in, tag_in, time_in
from registryui.activity.senders import harbor
from registryui.oci.document import Document, object_of, text_of

ZOT = {
    "zotregistry.image.updated": PUSH,
    "zotregistry.image.deleted": DELETE,
    "zotregistry.repository.created": PUSH,
}


def read_structured(document: Document) -> list[Report]:
    """Read an event that is the whole body."""
    attributes = {key: value for key, value in document.items() if isinstance(value, str)}
    return _read(attributes, object_of(document, "data"))


def read_binary(document: Document, headers: Mapping[str, str]) -> list[Report]:
    """Read an event whose attributes are headers and whose body is the data alone."""
    names = ("id", "type", "source", "time", "operator")
    return _read({name: headers.get(f"ce-{name}", "") for name in names}, document)


def _read(attributes: Mapping[str, str], content: Document) -> list[Report]:
    kind, event_id = attributes.get("type", ""), attributes.get("id", "")
    moment = time_in(attributes.get("time", ""))
    if kind in harbor.CLOUD_EVENTS:
        actor = attributes.get("operator", "")[:200]
        return harbor.reports(
            content, harbor.CLOUD_EVENTS[kind], event_id=event_id, actor=actor, moment=moment
        )
    if kind not in ZOT:
        return []
    reference = text_of(content, "reference")
    request = object_of(content, "request")
    return [
        Report(
            event_id=event_id,
            action=ZOT[kind],
            repository=text_of(content, "name"),
            tag=tag_in(reference),
            digest=digest_in(text_of(content, "digest")) or digest_in(reference),
            media_type=text_of(content, "mediaType", max_length=255),
            actor=text_of(object_of(content, "actor"), "name", max_length=200),
            user_agent=text_of(request, "useragent", max_length=300),
            address=text_of(request, "addr", max_length=100),
            happened_at=moment,
        )
    ]
