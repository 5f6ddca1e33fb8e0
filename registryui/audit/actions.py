"""What can be done, by which way, with what result: the words of the log, in one place.

An action is added by a line here; nothing else lists them. It is said so that any result fits:
"delete a tag", refused.
"""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy


class Action(TextChoices):
    """What somebody did or tried to do."""

    SIGN_IN = "SIGN_IN", gettext_lazy("sign in")
    SIGN_OUT = "SIGN_OUT", gettext_lazy("sign out")
    PASSWORD = "PASSWORD", gettext_lazy("set a password")
    LINK = "LINK", gettext_lazy("make or use a one-time link")
    TWO_FACTOR = "TWO_FACTOR", gettext_lazy("change a second factor")
    API_TOKEN = "API_TOKEN", gettext_lazy("make, use or revoke an API token")
    PERSON = "PERSON", gettext_lazy("change a person")
    TEAM = "TEAM", gettext_lazy("change a team")
    GRANT = "GRANT", gettext_lazy("change a grant")
    ACCESS = "ACCESS", gettext_lazy("change what is not theirs to change")
    PLAN_CONFIRM = "PLAN_CONFIRM", gettext_lazy("confirm a deletion plan")
    TAG_DELETE = "TAG_DELETE", gettext_lazy("delete a tag")
    MANIFEST_DELETE = "MANIFEST_DELETE", gettext_lazy("delete a manifest")
    OPERATION_STOP = "OPERATION_STOP", gettext_lazy("stop an operation")
    RESTORE = "RESTORE", gettext_lazy("restore what was deleted")
    COPY = "COPY", gettext_lazy("copy an image")
    PROTECTION_CREATE = "PROTECTION_CREATE", gettext_lazy("protect tags")
    PROTECTION_DELETE = "PROTECTION_DELETE", gettext_lazy("end the protection of tags")
    RETENTION_RUN = "RETENTION_RUN", gettext_lazy("run retention")
    RETENTION_REQUEST = "RETENTION_REQUEST", gettext_lazy("ask for a run of retention")
    RULE_CREATE = "RULE_CREATE", gettext_lazy("create a retention rule")
    RULE_CHANGE = "RULE_CHANGE", gettext_lazy("change a retention rule")
    RULE_DELETE = "RULE_DELETE", gettext_lazy("delete a retention rule")
    DELETION_TEST = "DELETION_TEST", gettext_lazy("test whether a registry deletes")
    DIAGNOSIS = "DIAGNOSIS", gettext_lazy("examine a registry")
    DESCRIPTION = "DESCRIPTION", gettext_lazy("describe a repository")
    BUILD_REPORT = "BUILD_REPORT", gettext_lazy("report a build")
    BUILD_BADGE = "BUILD_BADGE", gettext_lazy("switch a build badge on or off")
    OFFICIAL = "OFFICIAL", gettext_lazy("change which namespaces are official")
    WATCH = "WATCH", gettext_lazy("watch repositories")
    UNWATCH = "UNWATCH", gettext_lazy("end the watching of repositories")
    REGISTRY_ADD = "REGISTRY_ADD", gettext_lazy("add a registry")
    REGISTRY_CHANGE = "REGISTRY_CHANGE", gettext_lazy("change the settings of a registry")
    REGISTRY_REMOVE = "REGISTRY_REMOVE", gettext_lazy("remove a registry")
    REGISTRY_TEST = "REGISTRY_TEST", gettext_lazy("test the connection to a registry")
    KEY_ADD = "KEY_ADD", gettext_lazy("trust a key")
    KEY_REMOVE = "KEY_REMOVE", gettext_lazy("end the trust in a key")
    SYNC_REQUEST = "SYNC_REQUEST", gettext_lazy("ask for a sync")
    FILES_READ = "FILES_READ", gettext_lazy("have layers read")
    FILE_OPEN = "FILE_OPEN", gettext_lazy("open a file of an image")
    FILE_DOWNLOAD = "FILE_DOWNLOAD", gettext_lazy("download a file of an image")
    EXPORT = "EXPORT", gettext_lazy("export")
    AUDIT_PRUNE = "AUDIT_PRUNE", gettext_lazy("prune the audit log")


class Via(TextChoices):
    """By which way somebody came."""

    SESSION = "SESSION", gettext_lazy("signed in")
    TOKEN = "TOKEN", gettext_lazy("with a token")
    SYSTEM = "SYSTEM", gettext_lazy("Registry UI itself")
    COMMAND = "COMMAND", gettext_lazy("on the command line")


class Result(TextChoices):
    """What came of it."""

    ATTEMPTED = "ATTEMPTED", gettext_lazy("attempted")
    DONE = "DONE", gettext_lazy("done")
    REFUSED = "REFUSED", gettext_lazy("refused")
    FAILED = "FAILED", gettext_lazy("failed")
    UNKNOWN = "UNKNOWN", gettext_lazy("unknown")


def action_words(action: str) -> str:
    """Return an action in words; one that this version does not know as it is stored."""
    return str(Action(action).label) if action in Action.values else action
