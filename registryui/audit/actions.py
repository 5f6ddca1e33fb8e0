"""What can be done, by which way, with what result: the words of the log, in one place.

An action is added by a line here; nothing else lists them. It is said so that any result fits:
"delete a tag", refused.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class Action(TextChoices):
    """What somebody did or tried to do."""

    SIGN_IN = "SIGN_IN", "sign in"
    SIGN_OUT = "SIGN_OUT", "sign out"
    PASSWORD = "PASSWORD", "set a password"
    LINK = "LINK", "make or use a one-time link"
    TWO_FACTOR = "TWO_FACTOR", "change a second factor"
    API_TOKEN = "API_TOKEN", "make, use or revoke an API token"
    PERSON = "PERSON", "change a person"
    TEAM = "TEAM", "change a team"
    GRANT = "GRANT", "change a grant"
    ACCESS = "ACCESS", "change what is not theirs to change"
    PLAN_CONFIRM = "PLAN_CONFIRM", "confirm a deletion plan"
    TAG_DELETE = "TAG_DELETE", "delete a tag"
    MANIFEST_DELETE = "MANIFEST_DELETE", "delete a manifest"
    OPERATION_STOP = "OPERATION_STOP", "stop an operation"
    RESTORE = "RESTORE", "restore what was deleted"
    COPY = "COPY", "copy an image"
    PROTECTION_CREATE = "PROTECTION_CREATE", "protect tags"
    PROTECTION_DELETE = "PROTECTION_DELETE", "end the protection of tags"
    RETENTION_RUN = "RETENTION_RUN", "run retention"
    RETENTION_REQUEST = "RETENTION_REQUEST", "ask for a run of retention"
    RULE_CREATE = "RULE_CREATE", "create a retention rule"
    RULE_CHANGE = "RULE_CHANGE", "change a retention rule"
    RULE_DELETE = "RULE_DELETE", "delete a retention rule"
    DELETION_TEST = "DELETION_TEST", "test whether a registry deletes"
    DIAGNOSIS = "DIAGNOSIS", "examine a registry"
    DESCRIPTION = "DESCRIPTION", "describe a repository"
    BUILD_REPORT = "BUILD_REPORT", _("report a build")
    BUILD_BADGE = "BUILD_BADGE", _("switch a build badge on or off")
    OFFICIAL = "OFFICIAL", "change which namespaces are official"
    WATCH = "WATCH", "watch repositories"
    UNWATCH = "UNWATCH", "end the watching of repositories"
    REGISTRY_ADD = "REGISTRY_ADD", "add a registry"
    REGISTRY_CHANGE = "REGISTRY_CHANGE", "change the settings of a registry"
    REGISTRY_REMOVE = "REGISTRY_REMOVE", "remove a registry"
    REGISTRY_TEST = "REGISTRY_TEST", "test the connection to a registry"
    KEY_ADD = "KEY_ADD", "trust a key"
    KEY_REMOVE = "KEY_REMOVE", "end the trust in a key"
    SYNC_REQUEST = "SYNC_REQUEST", "ask for a sync"
    FILES_READ = "FILES_READ", "have layers read"
    FILE_OPEN = "FILE_OPEN", "open a file of an image"
    FILE_DOWNLOAD = "FILE_DOWNLOAD", "download a file of an image"
    EXPORT = "EXPORT", "export"
    AUDIT_PRUNE = "AUDIT_PRUNE", "prune the audit log"


class Via(TextChoices):
    """By which way somebody came."""

    SESSION = "SESSION", "signed in"
    TOKEN = "TOKEN", "with a token"
    SYSTEM = "SYSTEM", "Registry UI itself"
    COMMAND = "COMMAND", "on the command line"


class Result(TextChoices):
    """What came of it."""

    ATTEMPTED = "ATTEMPTED", "attempted"
    DONE = "DONE", "done"
    REFUSED = "REFUSED", "refused"
    FAILED = "FAILED", "failed"
    UNKNOWN = "UNKNOWN", "unknown"


def action_words(action: str) -> str:
    """Return an action in words; one that this version does not know as it is stored."""
    return str(Action(action).label) if action in Action.values else action
