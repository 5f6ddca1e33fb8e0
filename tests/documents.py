"""Documents that are made from the code; ``make docs`` writes them, test_docs.py compares them."""

import dataclasses
import types
import typing
from pathlib import Path
from typing import Any

import django

DOCS = Path(__file__).resolve().parent.parent / "docs"
IMAGE = "/r/REGISTRY/REPOSITORY/-/manifests/DIGEST"
MARK = "<!-- From here on made from the code by `make docs`. -->\n"


def json_document() -> str:
    """Return the fields of every page and of every part they have."""
    from registryui.accounts.pages import account, people, sign_in, teams, tokens, two_factor
    from registryui.accounts.pages.parts import FormPage
    from registryui.activity.pages import activity, notifications
    from registryui.audit.pages import audit_event, audit_list
    from registryui.builds.pages import badge, build_list, built_from
    from registryui.catalog.pages import (
        all_repositories,
        manifest_detail,
        registry_list,
        repository_list,
        search,
        tag_detail,
        tag_list,
    )
    from registryui.comparison.pages import choosing, compare
    from registryui.connect.pages import connect, doctor, explain
    from registryui.contents.pages import (
        blob,
        chart,
        dockerfile,
        file_images,
        image_file,
        image_files,
        image_packages,
        layer_files,
        waste,
    )
    from registryui.deletion.pages import (
        deletion_plan,
        image_copy,
        operation_detail,
        operation_list,
        restore_plan,
        tag_deleted,
    )
    from registryui.deletion.retention.pages import rules
    from registryui.deletion.retention.pages import run as retention_run
    from registryui.deletion.rules.pages import protection_list
    from registryui.hub.pages import hub_search
    from registryui.inventory.pages import inventory, summary, tag
    from registryui.lineage.pages import image as lineage_of_image
    from registryui.lineage.pages import layer as lineage_of_layer
    from registryui.lineage.pages import repository as lineage_of_repository
    from registryui.registries.pages import removal, settings
    from registryui.standing.pages import official_list
    from registryui.storage.pages import registry as storage_of_registry
    from registryui.storage.pages import repository as storage_of_repository
    from registryui.supplychain.pages import keys, packages, supply_chain
    from registryui.sync.pages import run, sync_list, watched_list

    pages: list[tuple[str, type]] = [
        ("/", registry_list.RegistryListPage),
        ("/repositories/", all_repositories.AllRepositoriesPage),
        ("/registries/add/", settings.RegistrySettingsPage),
        ("/r/REGISTRY/-/settings/", settings.RegistrySettingsPage),
        ("/r/REGISTRY/-/settings/remove/", removal.RegistryRemovalPage),
        ("/search/", search.SearchPage),
        ("/search/hub/", hub_search.HubSearchPage),
        ("/r/REGISTRY/", repository_list.RepositoryListPage),
        ("/r/REGISTRY/REPOSITORY/", tag_list.TagListPage),
        ("/r/REGISTRY/REPOSITORY/-/description/", FormPage),
        ("/r/REGISTRY/REPOSITORY/-/tags/TAG/", tag_detail.TagDetailPage),
        ("/r/REGISTRY/REPOSITORY/-/tags/TAG/ (410)", tag_detail.TagGonePage),
        ("/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/", manifest_detail.ManifestDetailPage),
        ("/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/raw/", manifest_detail.RawManifestPage),
        (f"{IMAGE}/blobs/BLOB/", blob.BlobPage),
        (f"{IMAGE}/chart/", chart.ChartPage),
        (f"{IMAGE}/dockerfile/", dockerfile.DockerfilePage),
        (f"{IMAGE}/files/", image_files.ImageFilesPage),
        (f"{IMAGE}/files/waste/", waste.WastePage),
        (f"{IMAGE}/files/open/", image_file.ImageFilePage),
        (f"{IMAGE}/packages/", image_packages.ImagePackagesPage),
        ("/files/", file_images.FileImagesPage),
        ("/compare/?a=IMAGE&b=IMAGE", compare.ComparePage),
        ("/compare/", choosing.ChoosePage),
        ("/r/REGISTRY/REPOSITORY/-/layers/DIGEST/files/", layer_files.LayerFilesPage),
        (
            "/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/supply-chain/",
            supply_chain.SupplyChainPage,
        ),
        (
            "/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/supply-chain/summary/",
            supply_chain.SupplyChainSummaryPage,
        ),
        ("/packages/", packages.PackageSearchPage),
        ("/vulnerabilities/", packages.VulnerabilitySearchPage),
        ("/keys/", keys.KeyListPage),
        ("/official/", official_list.OfficialListPage),
        ("/inventory/", inventory.InventoryPage),
        ("/inventory/summary/", summary.InventorySummaryPage),
        ("/r/REGISTRY/REPOSITORY/-/delete/", deletion_plan.DeletionPlanPage),
        ("/r/REGISTRY/REPOSITORY/-/tags/TAG/delete/", deletion_plan.DeletionPlanPage),
        ("/r/REGISTRY/REPOSITORY/-/tags/TAG/deleted/", tag_deleted.TagDeletedPage),
        ("/r/REGISTRY/REPOSITORY/-/copy/", image_copy.ImageCopyPage),
        ("/r/REGISTRY/REPOSITORY/-/operations/", operation_list.OperationListPage),
        ("/operations/", operation_list.OperationListPage),
        ("/operations/OPERATION/", operation_detail.OperationPage),
        ("/operations/OPERATION/undo/", restore_plan.RestorePlanPage),
        ("/r/REGISTRY/REPOSITORY/-/tags/TAG/findings/", tag.TagFindingsPage),
        ("/activity/", activity.ActivityPage),
        ("/r/REGISTRY/REPOSITORY/-/activity/", activity.ActivityPage),
        ("/r/REGISTRY/REPOSITORY/-/builds/", build_list.BuildListPage),
        ("/r/REGISTRY/REPOSITORY/-/builds/newest/", built_from.NewestBuildPage),
        ("/r/REGISTRY/REPOSITORY/-/builds/badge/", badge.BuildBadgePage),
        ("/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/built-from/", built_from.BuiltFromPage),
        ("/r/REGISTRY/-/notifications/", notifications.NotificationsPage),
        ("/r/REGISTRY/-/connect/", connect.ConnectPage),
        ("/r/REGISTRY/-/doctor/", doctor.DoctorPage),
        ("/r/REGISTRY/-/storage/", storage_of_registry.RegistryStoragePage),
        ("/r/REGISTRY/REPOSITORY/-/storage/", storage_of_repository.RepositoryStoragePage),
        ("/r/REGISTRY/REPOSITORY/-/lineage/", lineage_of_repository.RepositoryLineagePage),
        (
            "/r/REGISTRY/REPOSITORY/-/manifests/DIGEST/lineage/",
            lineage_of_image.ImageLineagePage,
        ),
        ("/layers/DIGEST/", lineage_of_layer.LayerPage),
        ("/explain/", explain.ExplainPage),
        ("/audit/", audit_list.AuditListPage),
        ("/audit/SEQUENCE/", audit_event.AuditEventPage),
        ("/r/REGISTRY/-/watched/", watched_list.WatchedListPage),
        ("/sync/", sync_list.SyncListPage),
        ("/sync/RUN/", run.SyncRunPage),
        ("/protection/", protection_list.ProtectionListPage),
        ("/retention/", rules.RetentionListPage),
        ("/retention/new/", rules.RetentionFormPage),
        ("/retention/RULE/", rules.RetentionDetailPage),
        ("/retention/RULE/edit/", rules.RetentionFormPage),
        ("/retention/runs/RUN/", retention_run.RetentionRunPage),
        ("/sign-in/", sign_in.EntrancePage),
        ("/set-up/SECRET/", sign_in.EntrancePage),
        ("/password/SECRET/", sign_in.EntrancePage),
        ("/account/", account.AccountPage),
        ("/account/password/", FormPage),
        ("/account/tokens/", tokens.TokenListPage),
        ("/account/two-factor/", two_factor.TwoFactorPage),
        ("/account/two-factor/on/", two_factor.TwoFactorOnPage),
        ("/account/two-factor/off/", FormPage),
        ("/account/two-factor/codes/", two_factor.RecoveryCodesPage),
        ("/sign-in/code/", sign_in.EntrancePage),
        ("/sign-in/again/", sign_in.EntrancePage),
        ("/sign-in/again/code/", sign_in.EntrancePage),
        ("/people/", people.PersonListPage),
        ("/people/PERSON/", people.PersonDetailPage),
        ("/teams/", teams.TeamListPage),
        ("/teams/TEAM/", teams.TeamDetailPage),
        ("/teams/TEAM/delete/", FormPage),
        ("/teams/TEAM/grants/add/", FormPage),
    ]
    parts: dict[str, type] = {}
    sections = [_section(f"`{address}`", page, parts) for address, page in pages]
    made: dict[str, str] = {}
    while remaining := parts.keys() - made.keys():
        for name in remaining:
            made[name] = _section(name, parts[name], parts, level=3)
    return "".join((*sections, "\n## Parts\n", *(made[name] for name in sorted(made))))


def _section(title: str, page: type, parts: dict[str, type], level: int = 2) -> str:
    lines = [f"\n{'#' * level} {title}\n", f"\n{(page.__doc__ or '').splitlines()[0]}\n"]
    lines.append("\n| field | type | meaning |\n|---|---|---|\n")
    hints = typing.get_type_hints(page)
    for each in dataclasses.fields(page):
        words = _words(hints[each.name], parts)
        lines.append(f"| `{each.name}` | {words} | {each.metadata['help']} |\n")
    return "".join(lines)


def _words(hint: object, parts: dict[str, type]) -> str:
    """Return a type in JSON's words, and remember the parts it is made of."""
    simple = {
        "str": "text",
        "int": "number",
        "float": "number",
        "bool": "true or false",
        "datetime": "time",
        "date": "date",
    }
    if isinstance(hint, types.UnionType):
        arguments = [
            _words(each, parts) for each in typing.get_args(hint) if each is not type(None)
        ]
        return f"{' or '.join(arguments)}, or null"
    origin, arguments_of = typing.get_origin(hint), typing.get_args(hint)
    if origin is tuple:
        return f"list of {_words(arguments_of[0], parts)}"
    if origin is dict:
        return f"object of {_words(arguments_of[1], parts)}"
    name = getattr(hint, "__name__", str(hint))
    if dataclasses.is_dataclass(hint) and isinstance(hint, type):
        _remember(name, hint, parts)
    return simple.get(name, name)


def _remember(name: str, part: type, parts: dict[str, type]) -> None:
    if parts.setdefault(name, part) is not part:
        raise TypeError(f"Two parts of pages are called {name}; the document has one of each.")


def glossary() -> str:
    """Return each table with its columns' help texts."""
    from django.apps import apps

    text = ""
    labels = (
        "accounts",
        "catalog",
        "sync",
        "activity",
        "builds",
        "inventory",
        "contents",
        "supplychain",
        "deletion",
        "jobs",
        "audit",
        "connect",
    )
    for model in (each for label in labels for each in apps.get_app_config(label).get_models()):
        text += f"\n### {model.__name__}\n\n{(model.__doc__ or '').splitlines()[0]}\n"
        rows = [
            f"| `{each.name}` | {each.help_text} |\n"
            for each in model._meta.concrete_fields
            if each.help_text
        ]
        if rows:
            text += "\n| column | meaning |\n|---|---|\n" + "".join(rows)
    return text


def urls_document() -> str:
    """Return every address with its name."""
    from django.urls import get_resolver

    entries = _patterns(get_resolver().url_patterns, "")
    rows = [f"| `/{route}` | `{name}` | {words} |\n" for name, route, words in entries]
    return "\n| address | name | what it does |\n|---|---|---|\n" + "".join(rows)


def _patterns(entries: list[Any], prefix: str) -> list[tuple[str, str, str]]:
    found: list[tuple[str, str, str]] = []
    for entry in entries:
        route = prefix + str(entry.pattern)
        if hasattr(entry, "url_patterns"):
            found += _patterns(entry.url_patterns, route)
        else:
            found.append((entry.name, route, (entry.callback.__doc__ or "").splitlines()[0]))
    return found


MADE = {"json.md": json_document, "glossary.md": glossary, "urls.md": urls_document}


def document(name: str) -> str:
    """Return a document whole: its head as it is, and below the mark what the code says now."""
    head = (DOCS / name).read_text(encoding="utf-8").partition(MARK)[0]
    return head + MARK + MADE[name]()


if __name__ == "__main__":
    django.setup()
    for name in MADE:
        (DOCS / name).write_text(document(name), encoding="utf-8")
