"""What is in the bodies that registries send, one module for each kind of sender.

They are told apart by what the body holds, not by its declared type, which proxies change and
which differs between versions of one registry.
"""

from collections.abc import Mapping

from registryui.activity.report import Report
from registryui.activity.senders import cloud_events, distribution, docker_hub, harbor
from registryui.oci.document import InvalidDocumentError, load_object

MAX_BODY_BYTES = 1024 * 1024
MAX_EVENTS = 1000


def read(body: bytes, headers: Mapping[str, str]) -> tuple[Report, ...]:
    """Return what a body reports, at most MAX_EVENTS; nothing for events of no interest.

    ``headers`` are found by any case. Raises InvalidDocumentError for what no registry sends.
    """
    document = load_object(body, max_bytes=MAX_BODY_BYTES)
    if "ce-type" in headers:
        reports = cloud_events.read_binary(document, headers)
    elif "specversion" in document:
        reports = cloud_events.read_structured(document)
    elif "events" in document or "target" in document:
        reports = distribution.read(document)
    elif "event_data" in document:
        reports = harbor.read(document)
    elif "push_data" in document:
        reports = docker_hub.read(document)
    else:
        raise InvalidDocumentError("No registry that we know sends this.")
    return tuple(report for report in reports[:MAX_EVENTS] if report.is_sound)
