"""Who may see what the doctor found, and who may have a registry examined."""

from registryui.accounts.access import Access


def may_examine(access: Access, slug: str) -> bool:
    """Say whether somebody may have a registry examined: who manages all of it."""
    return access.manages_all_of(slug)


def reads_diagnoses(access: Access, slug: str) -> bool:
    """Say whether what the doctor found is there for somebody."""
    return access.reads_audit or may_examine(access, slug)
