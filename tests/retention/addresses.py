"""Which addresses of the rules are pages, and which are not; their twins are tested in here."""

from registryui.deletion.retention.pages.rules import (
    RetentionDetailPage,
    RetentionFormPage,
    RetentionListPage,
)
from registryui.deletion.retention.pages.run import RetentionRunPage
from registryui.deletion.rules.pages.protection_list import ProtectionListPage

RULE_PAGES: dict[str, type] = {
    "protection-list": ProtectionListPage,
    "retention-list": RetentionListPage,
    "retention-new": RetentionFormPage,
    "retention-edit": RetentionFormPage,
    "retention-detail": RetentionDetailPage,
    "retention-run": RetentionRunPage,
}
NO_RULE_PAGES = {
    "protection-delete",
    "retention-confirm",
    "retention-delete",
    "retention-dry-run",
    "retention-off",
    "retention-run-now",
    "retention-switch-on",
}
