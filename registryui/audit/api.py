"""The audit log for the other apps: all that they import of this one.

``record(Action.TAG_DELETE, by=actor, result="ATTEMPTED", …, now=now)`` before the act returns an
event; give it as ``attempt=`` when the outcome is recorded after the act.
"""

from registryui.audit.actions import Action, Result, Via
from registryui.audit.forwarding import Backlog, backlogs
from registryui.audit.recording import Actor, record

__all__ = ["Action", "Actor", "Backlog", "Result", "Via", "backlogs", "record"]
