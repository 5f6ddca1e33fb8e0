"""Every page has a JSON twin with the same content, and says where."""

import dataclasses
import re

import pytest
from django.db.models import Q
from django.urls import get_resolver, reverse

from registryui.accounts.pages.parts import FormPage
from registryui.activity.pages.activity import ActivityPage
from registryui.activity.pages.notifications import NotificationsPage
from registryui.audit.api import Action, Actor, record
from registryui.audit.pages.audit_event import AuditEventPage
from registryui.audit.pages.audit_list import AuditListPage
from registryui.builds.pages.badge import BuildBadgePage
from registryui.builds.pages.build_list import BuildListPage
from registryui.builds.pages.built_from import BuiltFromPage, NewestBuildPage
from registryui.catalog.models import Layer, Repository, Tag
from registryui.catalog.pages.all_repositories import AllRepositoriesPage
from registryui.catalog.pages.manifest_detail import ManifestDetailPage, RawManifestPage
from registryui.catalog.pages.registry_list import RegistryListPage
from registryui.catalog.pages.repository_list import RepositoryListPage
from registryui.catalog.pages.search import SearchPage
from registryui.catalog.pages.tag_detail import TagDetailPage
from registryui.catalog.pages.tag_list import TagListPage
from registryui.comparison.pages.choosing import ChoosePage
from registryui.connect.pages.connect import ConnectPage
from registryui.connect.pages.doctor import DoctorPage
from registryui.connect.pages.explain import ExplainPage
from registryui.contents.pages.blob import BlobPage
from registryui.contents.pages.dockerfile import DockerfilePage
from registryui.contents.pages.file_images import FileImagesPage
from registryui.contents.pages.image_files import ImageFilesPage
from registryui.contents.pages.image_packages import ImagePackagesPage
from registryui.contents.pages.layer_files import LayerFilesPage
from registryui.contents.pages.waste import WastePage
from registryui.deletion.models import Operation
from registryui.deletion.pages.deletion_plan import DeletionPlanPage
from registryui.deletion.pages.image_copy import ImageCopyPage
from registryui.deletion.pages.operation_detail import OperationPage
from registryui.deletion.pages.operation_list import OperationListPage
from registryui.deletion.pages.restore_plan import RestorePlanPage
from registryui.deletion.pages.tag_deleted import TagDeletedPage
from registryui.hub.pages.hub_search import HubSearchPage
from registryui.inventory.pages.inventory import InventoryPage
from registryui.inventory.pages.summary import InventorySummaryPage
from registryui.inventory.pages.tag import TagFindingsPage
from registryui.lineage.pages.image import ImageLineagePage
from registryui.lineage.pages.layer import LayerPage
from registryui.lineage.pages.repository import RepositoryLineagePage
from registryui.registries.pages.removal import RegistryRemovalPage
from registryui.registries.pages.settings import RegistrySettingsPage
from registryui.standing.pages.official_list import OfficialListPage
from registryui.storage.pages.registry import RegistryStoragePage
from registryui.storage.pages.repository import RepositoryStoragePage
from registryui.supplychain.pages.keys import KeyListPage
from registryui.supplychain.pages.packages import PackageSearchPage, VulnerabilitySearchPage
from registryui.supplychain.pages.supply_chain import SupplyChainPage, SupplyChainSummaryPage
from registryui.sync.models import SyncRun
from registryui.sync.pages.run import SyncRunPage
from registryui.sync.pages.sync_list import SyncListPage
from registryui.sync.pages.watched_list import WatchedListPage
from tests.accounts import addresses
from tests.indexing import NOW
from tests.registries.adding import add_typed
from tests.retention.addresses import NO_RULE_PAGES, RULE_PAGES

NAME = "library/ubuntu"
PAGES = {
    "registry-list": RegistryListPage,
    "all-repositories": AllRepositoriesPage,
    "registry-add": RegistrySettingsPage,
    "registry-settings": RegistrySettingsPage,
    "registry-remove": RegistryRemovalPage,
    "search": SearchPage,
    "hub-search": HubSearchPage,
    "repository-list": RepositoryListPage,
    "tag-list": TagListPage,
    "tag-detail": TagDetailPage,
    "manifest-detail": ManifestDetailPage,
    "manifest-raw": RawManifestPage,
    "activity": ActivityPage,
    "repository-activity": ActivityPage,
    "notifications": NotificationsPage,
    "image-lineage": ImageLineagePage,
    "dockerfile": DockerfilePage,
    "blob": BlobPage,
    "repository-lineage": RepositoryLineagePage,
    "layer": LayerPage,
    "registry-storage": RegistryStoragePage,
    "repository-storage": RepositoryStoragePage,
    "connect": ConnectPage,
    "doctor": DoctorPage,
    "explain": ExplainPage,
    "image-files": ImageFilesPage,
    "image-waste": WastePage,
    "image-packages": ImagePackagesPage,
    "compare": ChoosePage,
    "file-images": FileImagesPage,
    "layer-files": LayerFilesPage,
    "deletion-plan": DeletionPlanPage,
    "tag-delete": DeletionPlanPage,
    "tag-deleted": TagDeletedPage,
    "image-copy": ImageCopyPage,
    "operation-list": OperationListPage,
    "repository-operations": OperationListPage,
    "operation-detail": OperationPage,
    "operation-undo": RestorePlanPage,
    "official-list": OfficialListPage,
    "repository-description": FormPage,
    "build-list": BuildListPage,
    "build-newest": NewestBuildPage,
    "built-from": BuiltFromPage,
    "build-badge": BuildBadgePage,
    "audit-list": AuditListPage,
    "audit-event": AuditEventPage,
    "inventory": InventoryPage,
    "inventory-summary": InventorySummaryPage,
    "tag-findings": TagFindingsPage,
    "supply-chain": SupplyChainPage,
    "supply-chain-summary": SupplyChainSummaryPage,
    "package-search": PackageSearchPage,
    "vulnerability-search": VulnerabilitySearchPage,
    "key-list": KeyListPage,
    "sync-list": SyncListPage,
    "sync-run": SyncRunPage,
    "watched-list": WatchedListPage,
}
NO_PAGES = {
    "attached-document",
    "key-delete",
    "package-export",
    "audit-csv",
    "audit-jsonl",
    "build-api",
    "build-badge-picture",
    "blob-download",
    "chart",  # tests/contents/test_chart.py: it needs a chart
    "client-catalog",
    "client-old-ping",
    "client-ping",
    "client-search",
    "client-tags",
    "client-v1-other",
    "client-v2-other",
    "connect-ca",
    "deletion-test",
    "healthz",
    "hook",
    "hook-with-secret",
    "image-file",  # tests/contents/test_opening.py: it needs layers that were read
    "image-file-download",
    "image-packages-csv",
    "inventory-export",
    "metrics",
    "official-delete",
    "operation-stop",
    "public-badge",
    "readyz",
    "registry-sync",
    "repository-refresh",
    "repository-star",
    "repository-stamp",
    "language",
    "theme",
    "watched-delete",
}


@pytest.fixture
def client(person):
    return person("ADMINISTRATOR")


@pytest.fixture
def event(db):
    return record(Action.EXPORT, by=Actor.system("test"), now=NOW)


@pytest.fixture
def operation(registry):
    return Operation.objects.create(
        kind="DELETE", registry=registry, repository=NAME, actor={}, created_at=NOW
    )


def address_of(name):
    tag = Tag.objects.get(repository__name=NAME, name="latest")
    if name == "registry-remove":
        add_typed("typed")
    arguments: dict[str, list[object]] = {
        "repository-list": ["sample"],
        "registry-settings": ["sample"],
        "registry-remove": ["typed"],
        "tag-list": ["sample", NAME],
        "tag-detail": ["sample", NAME, "latest"],
        "tag-findings": ["sample", NAME, "latest"],
        "manifest-detail": ["sample", NAME, tag.manifest.digest],
        "manifest-raw": ["sample", NAME, tag.manifest.digest],
        "supply-chain": ["sample", NAME, tag.manifest.digest],
        "supply-chain-summary": ["sample", NAME, tag.manifest.digest],
        "repository-activity": ["sample", NAME],
        "image-files": ["sample", NAME, tag.manifest.digest],
        "image-waste": ["sample", NAME, tag.manifest.digest],
        "image-packages": ["sample", NAME, tag.manifest.digest],
        "layer-files": ["sample", NAME, layer_in(tag.manifest)],
        "repository-description": ["sample", NAME],
        "build-list": ["sample", NAME],
        "build-newest": ["sample", NAME],
        "build-badge": ["sample", NAME],
        "built-from": ["sample", NAME, tag.manifest.digest],
        "notifications": ["sample"],
        "image-lineage": ["sample", NAME, tag.manifest.digest],
        "dockerfile": ["sample", NAME, tag.manifest.digest],
        "blob": ["sample", NAME, *blob_in(tag.manifest)],
        "repository-lineage": ["sample", NAME],
        "layer": [Layer.objects.filter(manifest__presences__repository__name=NAME)[0].blob.digest],
        "registry-storage": ["sample"],
        "repository-storage": ["sample", NAME],
        "connect": ["sample"],
        "doctor": ["sample"],
        "watched-list": ["sample"],
        "deletion-plan": ["sample", NAME],
        "tag-delete": ["sample", NAME, "latest"],
        "tag-deleted": ["sample", NAME, "latest"],
        "image-copy": ["sample", NAME],
        "repository-operations": ["sample", NAME],
        "operation-detail": [Operation.objects.latest("pk").pk],
        "operation-undo": [Operation.objects.latest("pk").pk],
        "audit-event": [1],
        "sync-run": [SyncRun.objects.get().pk],
    }
    return reverse(name, args=arguments.get(name, []))


def blob_in(manifest):
    of_child = Q(manifest__parents__parent=manifest)
    found = Layer.objects.filter(Q(manifest=manifest) | of_child)[0]
    return [found.manifest.digest, found.blob.digest]


def layer_in(manifest):
    of_child = Q(manifest__parents__parent=manifest)
    return Layer.objects.filter(Q(manifest=manifest) | of_child)[0].blob.digest


def query_of(name):
    if name != "image-copy":
        return {}
    return {"digest": Tag.objects.get(repository__name=NAME, name="latest").manifest.digest}


def names_in(patterns):
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_in(pattern.url_patterns)
        else:
            yield pattern.name


def test_knows_every_address():
    ours = set(PAGES) | NO_PAGES | set(addresses.PAGES) | addresses.NO_PAGES
    ours |= set(RULE_PAGES) | NO_RULE_PAGES

    assert set(names_in(get_resolver().url_patterns)) == ours


@pytest.mark.parametrize("name", PAGES)
def test_has_the_fields_of_the_page(client, registry, event, operation, name):
    twin = client.get(address_of(name), {**query_of(name), "format": "json"}).json()

    assert set(twin) == {field.name for field in dataclasses.fields(PAGES[name])}


@pytest.mark.parametrize("name", PAGES)
def test_is_advertised_by_the_page(client, registry, event, operation, name):
    response = client.get(address_of(name), {**query_of(name), "sort": "-size"})

    found = re.search(r"<(.+?)>; rel=\"alternate\"; type=\"application/json\"", response["Link"])
    assert found is not None
    assert "sort=-size" in found[1]
    assert client.get(found[1])["Content-Type"] == "application/json"


@pytest.mark.parametrize("name", PAGES)
def test_describes_each_field(name):
    for field in dataclasses.fields(PAGES[name]):
        assert field.metadata["help"]


@pytest.mark.parametrize("path", ["/r/none/", "/nowhere/", f"/r/sample/{NAME}/-/tags/never/"])
def test_has_one_shape_for_errors(client, registry, path):
    body = client.get(path, {"format": "json"}).json()

    assert set(body) == {"error", "explanation", "status"}


def test_keeps_a_bad_repository_from_hiding_the_others(client, registry):
    Repository.objects.filter(name=NAME).update(last_error="It is broken.")

    rows = client.get("/r/sample/", {"format": "json"}).json()["repositories"]

    assert {row["name"]: row["error"] for row in rows}[NAME] == "It is broken."
    assert len(rows) > 1
