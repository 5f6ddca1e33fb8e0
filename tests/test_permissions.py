"""Who gets what answer at every address: one table, and no address without a row."""

import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import pytest
import time_machine
from allauth.usersessions.models import UserSession
from django.db.models import Q
from django.test import Client
from django.urls import get_resolver, reverse
from django.utils import timezone

from registryui.accounts import links
from registryui.accounts.models import ApiToken, Grant, User
from registryui.audit.api import Action, Actor, record
from registryui.audit.models import AuditEvent
from registryui.builds.models import BuildBadge
from registryui.catalog.models import Layer, Manifest, OfficialNamespace, Referrer, Registry, Tag
from registryui.deletion.models import Operation, ProtectionRule, RetentionRule
from registryui.supplychain.models import AttachedDocument, Document, TrustedKey
from tests.indexing import NOW, index_sample, shared
from tests.people import NAMES, make_people
from tests.registries.adding import add_typed

WHO = ("anonymous", "outsider", "member", "maintainer", "auditor", "administrator")
FILES = (
    "image-files",
    "image-waste",
    "image-file",
    "image-file-download",
    "image-packages",
    "image-packages-csv",
)
MINE, ELSEWHERE = "library/ubuntu", "platform/api"

# What each of them is answered. People may do in their teams' repositories what the team may;
# what somebody may not see has no address (404); strangers are led to the sign-in (302).
EVERYBODY = "200 200 200 200 200 200"
SIGNED_IN = "302 200 200 200 200 200"
ALL_ELSEWHERE = "302 302 302 302 302 302"
SEES_MINE = "302 404 200 200 200 200"
SEES_ELSEWHERE = "302 404 404 404 200 200"
SEES_ALL = SEES_ELSEWHERE  # what tells of the whole registry
AUDITORS = "302 404 404 404 200 200"
DELETES = "302 404 404 200 404 200"
RULES = "302 404 404 200 200 200"
DOES_RULES = "302 404 404 303 404 303"
CLIENTS = "401 200 200 200 200 200"  # docker and podman, who know no sign-in page
READERS = "302 404 404 404 200 200"  # of the audit log
ADMINISTRATORS = "302 404 404 404 404 200"
MANAGERS = "302 404 404 404 404 303"  # of the whole registry
ADMINISTRATORS_DO = "302 404 404 404 404 303"

GET = {
    "registry-list": SIGNED_IN,
    "all-repositories": SIGNED_IN,
    "registry-add": ADMINISTRATORS,
    "registry-settings": ADMINISTRATORS,
    "registry-remove": ADMINISTRATORS,
    "search": SIGNED_IN,
    "hub-search": SIGNED_IN,
    "client-old-ping": EVERYBODY,  # it tells nothing
    "client-ping": CLIENTS,
    "client-search": CLIENTS,
    "client-catalog": CLIENTS,
    "client-tags": "401 404 200 200 200 200",
    "client-v1-other": "401 404 404 404 404 404",
    "client-v2-other": "401 404 404 404 404 404",
    "repository-list": SEES_MINE,
    "tag-list": SEES_MINE,
    "tag-detail": SEES_MINE,
    "manifest-detail": SEES_MINE,
    "manifest-raw": SEES_MINE,
    "supply-chain": SEES_MINE,
    "supply-chain-summary": SEES_MINE,
    "attached-document": SEES_MINE,
    "package-search": SIGNED_IN,
    "package-export": SIGNED_IN,
    "vulnerability-search": SIGNED_IN,
    "key-list": ADMINISTRATORS,
    "repository-stamp": SEES_MINE,
    "repository-activity": SEES_MINE,
    "repository-description": "302 404 404 200 404 200",  # who manages it
    "build-list": SEES_MINE,
    "build-newest": SEES_MINE,
    "built-from": SEES_MINE,
    "build-badge": DELETES,  # who manages it
    "build-badge-picture": SEES_MINE,
    "public-badge": EVERYBODY,  # who knows its secret
    "build-api": "401 400 400 400 400 400",  # no repository is named
    "official-list": ADMINISTRATORS,
    "activity": SIGNED_IN,
    "notifications": SEES_ALL,
    "image-lineage": SEES_MINE,
    "dockerfile": SEES_MINE,
    "blob": "302 404 404 200 200 200",  # who looks into images
    "blob-download": "302 404 404 404 404 404",  # it was not fetched
    "chart": "302 404 404 404 404 404",  # the image is none
    "layer": "302 404 200 200 200 200",
    "repository-lineage": SEES_MINE,
    "registry-storage": SEES_ALL,
    "repository-storage": SEES_MINE,
    "connect": SEES_MINE,
    "image-files": "302 404 404 200 200 200",  # who looks into images
    "image-waste": "302 404 404 200 200 200",
    "layer-files": "302 404 404 200 200 200",
    "image-packages": "302 404 404 200 200 200",
    "image-packages-csv": "302 404 404 404 404 404",  # its layers were not read
    "compare": SIGNED_IN,  # it asks which two; tests/comparison/test_permissions.py
    "file-images": SIGNED_IN,  # it tells of those that one looks into
    "image-file": "302 404 404 404 404 404",  # likewise
    "image-file-download": "302 404 404 404 404 404",
    "connect-ca": "302 404 404 404 404 404",  # it has no authority of its own
    "doctor": AUDITORS,
    "explain": SIGNED_IN,
    "sync-list": SIGNED_IN,
    "sync-run": SEES_ALL,
    "watched-list": AUDITORS,
    "healthz": EVERYBODY,
    "readyz": EVERYBODY,
    "inventory": SIGNED_IN,
    "inventory-summary": SIGNED_IN,
    "tag-findings": SEES_MINE,
    "inventory-export": SIGNED_IN,
    "deletion-plan": DELETES,
    "tag-delete": DELETES,
    "tag-deleted": SEES_MINE,
    "image-copy": DELETES,
    "operation-list": "302 404 404 200 200 200",
    "repository-operations": "302 404 404 200 200 200",
    "operation-detail": SEES_MINE,
    "operation-undo": DELETES,
    "protection-list": RULES,
    "retention-list": RULES,
    "retention-detail": RULES,
    "retention-run": RULES,
    "retention-new": DELETES,
    "retention-edit": DELETES,
    "audit-list": READERS,
    "audit-event": READERS,
    "audit-csv": READERS,
    "audit-jsonl": READERS,
    "metrics": "401 404 404 404 200 200",
    "sign-in": "200 302 302 302 302 302",
    "account_login": "200 302 302 302 302 302",
    "account_inactive": "403 403 403 403 403 403",
    "openid_connect_login": "404 404 404 404 404 404",  # no service is declared
    "openid_connect_callback": "404 404 404 404 404 404",
    "set-up": "404 404 404 404 404 404",  # there is an administrator
    "choose-password": EVERYBODY,  # who has the link
    "account": SIGNED_IN,
    "password": SIGNED_IN,
    "token-list": SIGNED_IN,
    "two-factor": SIGNED_IN,
    # Whoever is signed in is led to prove it again.
    "two-factor-on": ALL_ELSEWHERE,
    "two-factor-picture": ALL_ELSEWHERE,
    "two-factor-off": ALL_ELSEWHERE,
    "recovery-codes": ALL_ELSEWHERE,
    "password-again": SIGNED_IN,
    "account_reauthenticate": SIGNED_IN,
    "code-again": SIGNED_IN,
    "mfa_reauthenticate": SIGNED_IN,
    "sign-in-code": ALL_ELSEWHERE,  # nobody has just typed a password
    "mfa_authenticate": ALL_ELSEWHERE,
    "person-list": ADMINISTRATORS,
    "person-detail": ADMINISTRATORS,
    "team-list": ADMINISTRATORS,
    "team-detail": "302 404 200 404 200 200",
    "team-delete": ADMINISTRATORS,
    "grant-add": ADMINISTRATORS,
}
POST = {
    "protection-delete": DOES_RULES,
    "retention-dry-run": DOES_RULES,
    "retention-off": DOES_RULES,
    "retention-delete": DOES_RULES,
    "retention-run-now": "302 404 404 409 404 409",  # it is not on
    "retention-switch-on": "302 404 404 409 404 409",  # it was not tried
    "retention-confirm": "302 404 404 409 404 409",  # it holds nothing
    "deletion-test": "302 404 404 502 404 502",  # the registry cannot be reached
    "operation-stop": "302 404 404 303 404 303",
    "theme": ALL_ELSEWHERE,
    "language": ALL_ELSEWHERE,
    "hook": "401 401 401 401 401 401",
    "hook-with-secret": "401 401 401 401 401 401",
    "registry-sync": "302 404 303 303 404 303",
    "repository-refresh": "302 404 303 303 303 303",
    "watched-delete": ADMINISTRATORS_DO,
    "repository-star": "302 404 303 303 404 303",
    "official-delete": ADMINISTRATORS_DO,
    "key-delete": ADMINISTRATORS_DO,
    "sign-out": ALL_ELSEWHERE,
    "session-end": "302 404 303 404 404 404",
    "recovery-codes-new": ALL_ELSEWHERE,
    "sessions-end": "302 303 303 303 303 303",
    "token-revoke": "302 404 303 404 404 303",
    "person-role": ADMINISTRATORS_DO,
    "person-link": ADMINISTRATORS,
    "person-disable": ADMINISTRATORS_DO,
    "person-enable": ADMINISTRATORS_DO,
    "person-two-factor-reset": ADMINISTRATORS_DO,
    "team-change": ADMINISTRATORS_DO,
    "member-add": ADMINISTRATORS_DO,
    "member-remove": ADMINISTRATORS_DO,
    "grant-remove": ADMINISTRATORS_DO,
}
# The pages of a repository that no team of theirs was granted.
OF_OTHERS = {
    "image-files": SEES_ELSEWHERE,
    "blob": SEES_ELSEWHERE,
    "image-waste": SEES_ELSEWHERE,
    "image-packages": SEES_ELSEWHERE,
    "layer-files": SEES_ELSEWHERE,
    "tag-findings": SEES_ELSEWHERE,
    "deletion-plan": "302 404 404 404 404 200",
    "tag-delete": "302 404 404 404 404 200",
    "image-copy": "302 404 404 404 404 200",
    "repository-operations": SEES_ELSEWHERE,
    "deletion-test": "302 404 404 404 404 502",
    "tag-list": SEES_ELSEWHERE,
    "tag-detail": SEES_ELSEWHERE,
    "manifest-detail": SEES_ELSEWHERE,
    "manifest-raw": SEES_ELSEWHERE,
    "supply-chain": SEES_ELSEWHERE,
    "supply-chain-summary": SEES_ELSEWHERE,
    "attached-document": SEES_ELSEWHERE,
    "repository-stamp": SEES_ELSEWHERE,
    "client-tags": "401 404 404 404 200 200",
    "repository-star": "302 404 404 404 404 303",
    "repository-description": "302 404 404 404 404 200",
    "repository-activity": SEES_ELSEWHERE,
    "build-list": SEES_ELSEWHERE,
    "build-newest": SEES_ELSEWHERE,
    "built-from": SEES_ELSEWHERE,
    "build-badge": "302 404 404 404 404 200",
    "build-badge-picture": SEES_ELSEWHERE,
    "repository-refresh": "302 404 404 404 303 303",
}
HERE = {
    "deletion-plan",
    "deletion-test",
    "image-copy",
    "build-list",
    "build-newest",
    "build-badge",
    "build-badge-picture",
}
SENT = {
    "theme": {"theme": "dark"},
    "language": {"language": "zh-hans"},
    "person-role": {"role": "AUDITOR"},
    "team-change": {"name": "Readers"},
    "member-add": {"username": "outsider"},
}


@dataclass
class Site:
    """The people, and a row of each kind that an address can name."""

    people: dict[str, User]
    registry: Registry
    token: ApiToken
    session: UserSession
    event: AuditEvent
    operation: Operation
    rules: dict[str, int]

    def arguments(self, name: str, repository: str) -> list[object]:
        """Return what the address of this name takes."""
        tag = Tag.objects.filter(repository__name=repository, manifest__isnull=False).first()
        assert tag is not None
        grant = Grant.objects.filter(team__slug="members").get()
        registry: list[object] = [self.registry.slug]
        person = self.people["member"].pk
        here: list[object] = [self.registry.slug, repository]
        taken: dict[str, list[object]] = {
            "repository-list": registry,
            "audit-event": [self.event.sequence],
            "operation-list": [],
            "repository-operations": here,
            "registry-sync": registry,
            "registry-settings": registry,
            "registry-remove": ["typed"],
            "notifications": registry,
            "registry-storage": registry,
            "connect": registry,
            "connect-ca": registry,
            "doctor": registry,
            "watched-list": registry,
            "watched-delete": [self.registry.slug, self.rules["watched-delete"]],
            "hook": registry,
            "hook-with-secret": [self.registry.slug, "wrong"],
            "tag-detail": [*here, tag.name],
            "manifest-detail": [*here, tag.manifest.digest],
            "manifest-raw": [*here, tag.manifest.digest],
            "image-lineage": [*here, tag.manifest.digest],
            "dockerfile": [*here, tag.manifest.digest],
            "chart": [*here, tag.manifest.digest],
            "blob": [*here, *self.blob_in(tag.manifest)],
            "blob-download": [*here, *self.blob_in(tag.manifest)],
            "layer": [self.layer_of(repository)],
            "built-from": [*here, tag.manifest.digest],
            **{each: [*here, tag.manifest.digest] for each in FILES},
            "layer-files": [*here, self.layer_in(tag.manifest)],
            "supply-chain": [*here, tag.manifest.digest],
            "supply-chain-summary": [*here, tag.manifest.digest],
            "attached-document": [*here, *attached_to(repository)],
            "key-delete": [self.rules["key-delete"]],
            "sync-run": [self.registry.runs.latest("pk").pk],
            "client-tags": [repository],
            "client-v1-other": ["users/"],
            "client-v2-other": [f"{repository}/manifests/{tag.name}"],
            "official-delete": [self.rules["official-delete"]],
            "public-badge": ["the-secret-of-a-badge"],
            "set-up": ["wrong"],
            "openid_connect_login": ["none"],
            "openid_connect_callback": ["none"],
            "choose-password": [self._password_secret()] if name == "choose-password" else [],
            "session-end": [self.session.pk],
            "token-revoke": [self.token.pk],
            "member-remove": ["members", person],
            "grant-remove": ["members", grant.pk],
        }
        if name.startswith(("tag-list", "repository-")) and name not in taken:
            return list(here)
        if name.startswith(("retention-", "protection-")):
            kind = {"retention-switch-on": "run", "retention-confirm": "run"}.get(name, name)
            return [self.rules[kind]] if kind in self.rules else []
        if name.startswith("operation-"):
            return taken.get(name, [self.operation.pk])
        if name in HERE:
            return here
        if name in {"tag-delete", "tag-deleted", "tag-findings"}:
            return [*here, tag.name]
        if name.startswith("person-") and name != "person-list":
            return [person]
        if name.startswith(("team-", "grant-", "member-")) and name != "team-list":
            return taken.get(name, ["members"])
        return taken.get(name, [])

    def layer_of(self, repository: str) -> str:
        """Return the digest of a layer of a repository that no other has."""
        layers = Layer.objects.filter(manifest__presences__repository__name=repository)
        return layers.order_by("-position").values_list("blob__digest", flat=True)[0]

    def blob_in(self, manifest: Manifest) -> list[object]:
        """Return the digests of an image and of a layer of it."""
        of_child = Q(manifest__parents__parent=manifest)
        found = Layer.objects.filter(Q(manifest=manifest) | of_child)[0]
        return [found.manifest.digest, found.blob.digest]

    def layer_in(self, manifest: Manifest) -> str:
        """Return the digest of a layer of an image, or of the first image of an index."""
        return Layer.objects.filter(Q(manifest=manifest) | Q(manifest__parents__parent=manifest))[
            0
        ].blob.digest

    def digest_in(self, repository: str) -> str:
        """Return the digest of an image of a repository."""
        tags = Tag.objects.filter(repository__name=repository)
        return tags.select_related("manifest")[0].manifest.digest

    def _password_secret(self) -> str:
        path = links.make_password_link(self.people["outsider"], now=timezone.now())
        return path.split("/")[-2]


def make_rules() -> dict[str, int]:
    """Make a rule of each kind about the team's repositories; return who takes which row."""
    protection = ProtectionRule.objects.create(repository="library/*", tag="v1", created_at=NOW)
    rule = RetentionRule.objects.create(name="r", repository="library/*", newest=3, created_at=NOW)
    run = rule.runs.create(
        rule_name=rule.name,
        registry=rule.registry,
        repository=rule.repository,
        settings=rule.settings,
        fingerprint=rule.fingerprint,
        is_dry=True,
        created_at=NOW,
    )
    ends = ("detail", "edit", "dry-run", "run-now", "off", "delete")
    rows = {f"retention-{end}": rule.pk for end in ends}
    return {**rows, "protection-delete": protection.pk, "retention-run": run.pk, "run": run.pk}


def make_site() -> Site:
    """Make the people, and a row of each kind."""
    registry, people = index_sample(), make_people()
    token = ApiToken.objects.create(user=people["member"], name="t", expires_at=NOW)
    session = UserSession.objects.create(
        user=people["member"], ip="127.0.0.1", session_key="none", user_agent=""
    )
    event = record(Action.EXPORT, by=Actor.system("test"), now=NOW)
    operation = Operation.objects.create(
        kind=Operation.Kind.DELETE,
        registry=registry,
        repository=MINE,
        actor={},
        actor_name="maintainer",
        created_at=NOW,
    )
    BuildBadge.objects.create(
        registry=registry, repository=MINE, token="the-secret-of-a-badge", made_at=NOW
    )
    watched = registry.watched_names.create(text="team/*", added_at=NOW)
    add_typed("typed")
    Registry.objects.filter(slug="typed").update(is_declared=False)  # docker asks for the only one
    attach_documents()
    rows = {
        **make_rules(),
        "official-delete": mark_official(registry),
        "watched-delete": watched.pk,
        "key-delete": TrustedKey.objects.create(name="key", added_at=NOW).pk,
    }
    return Site(people, registry, token, session, event, operation, rows)


def attach_documents() -> None:
    """Attach a document to an image of each of the two repositories."""
    for number, name in enumerate((MINE, ELSEWHERE)):
        referrer = Referrer.objects.filter(repository__name=name)[0]
        document = Document.objects.create(
            digest=f"sha256:{number:064}", size_bytes=2, read_at=NOW, beginning=zlib.compress(b"{}")
        )
        referrer.manifest.documents.create(document=document, position=0)


def attached_to(repository: str) -> list[object]:
    """Return the digests of the image and of the document attached to it."""
    place = AttachedDocument.objects.filter(manifest__referrer_rows__repository__name=repository)
    referrer = Referrer.objects.filter(manifest=place[0].manifest, repository__name=repository)[0]
    return [referrer.subject_digest, place[0].document.digest]


def mark_official(registry: Registry) -> int:
    """Mark a namespace as official; return its row."""
    rows = OfficialNamespace.objects
    return rows.create(registry=registry, namespace="library", marked_at=NOW).pk


@pytest.fixture(scope="module")
def shared_site(django_db_setup, django_db_blocker) -> Iterator[Site]:
    """Make the site once for all tests: each undoes what it changes."""
    with shared(django_db_blocker):
        with time_machine.travel(NOW, tick=False):
            made = make_site()
        yield made


@pytest.fixture
def site(shared_site, db, settings) -> Iterator[Site]:
    """Return the site, where nobody reads without signing in."""
    settings.ANONYMOUS_READ = False
    with time_machine.travel(NOW, tick=False):
        yield shared_site


def cases(table: dict[str, str], method: str) -> list[object]:
    """Return a case for each cell of a table."""
    return [
        pytest.param(method, name, who, int(status), id=f"{name}-{who}")
        for name, row in table.items()
        for who, status in zip(WHO, row.split(), strict=True)
    ]


def answer(site: Site, method: str, name: str, who: str, repository: str) -> int:
    """Ask as one of them, and return the status."""
    client = Client()
    if who in NAMES:
        client.force_login(site.people[who])
    address = reverse(name, args=site.arguments(name, repository))
    if name == "image-copy":
        address += f"?digest={site.digest_in(repository)}"
    if name == "package-export":
        address += "?q=openssl"
    response = client.generic(method, address) if method == "GET" else None
    response = response or client.post(address, SENT.get(name, {}))
    return int(response.status_code)


@pytest.mark.parametrize(
    ("method", "name", "who", "status"), [*cases(GET, "GET"), *cases(POST, "POST")]
)
def test_answers_as_the_table_says(site, method, name, who, status):
    assert answer(site, method, name, who, MINE) == status


@pytest.mark.parametrize(("method", "name", "who", "status"), cases(OF_OTHERS, ""))
def test_hides_what_no_team_was_granted(site, method, name, who, status):
    method = "POST" if name in POST else "GET"
    assert answer(site, method, name, who, ELSEWHERE) == status


def names_in(patterns) -> Iterator[str]:
    """Yield the name of every address."""
    for pattern in patterns:
        if hasattr(pattern, "url_patterns"):
            yield from names_in(pattern.url_patterns)
        else:
            yield pattern.name


def test_has_a_row_for_every_address():
    assert set(names_in(get_resolver().url_patterns)) == set(GET) | set(POST)
