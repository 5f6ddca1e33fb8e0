"""What vouches for images, who has which package, and which keys are trusted."""

from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registryui.accounts.doors import for_administrators
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.audit.api import Action, record
from registryui.catalog.models import Manifest, Repository
from registryui.catalog.views.tags import repository_or_404
from registryui.supplychain.asking import PackageQuestion
from registryui.supplychain.export import KINDS
from registryui.supplychain.forms import KeyForm
from registryui.supplychain.found import with_packages
from registryui.supplychain.models import Document, TrustedKey
from registryui.supplychain.pages.keys import KeyListPage
from registryui.supplychain.pages.packages import (
    LONGEST,
    PackageSearchPage,
    VulnerabilitySearchPage,
)
from registryui.supplychain.pages.supply_chain import SupplyChainPage, SupplyChainSummaryPage
from registryui.supplychain.signing.keys import read_trusted
from registryui.supplychain.working import ask_for_trial
from registryui.web.exporting import attachment
from registryui.web.http import see_other
from registryui.web.query import text_in
from registryui.web.rendering import render_page


def _manifest_or_404(repository: Repository, digest: str) -> Manifest:
    held = Manifest.objects.filter(presences__repository=repository).defer("content")
    return get_object_or_404(held, digest=digest)


@require_safe
def supply_chain(request: AccessRequest, registry: str, name: str, digest: str) -> HttpResponse:
    """Show who signed an image, what it consists of, how it was built, and what was found."""
    repository = repository_or_404(request.access, registry, name)
    row = _manifest_or_404(repository, digest)
    page = SupplyChainPage.build(repository, row, request.GET, request.access)
    return render_page(request, "supplychain/supply_chain.html", page, partial="sbom-packages")


@require_safe
def supply_chain_summary(
    request: AccessRequest, registry: str, name: str, digest: str
) -> HttpResponse:
    """Say in one line what vouches for an image; its page loads this as a part."""
    repository = repository_or_404(request.access, registry, name)
    page = SupplyChainSummaryPage.build(repository, _manifest_or_404(repository, digest))
    return render_page(request, "supplychain/summary.html", page, partial="supply-chain-line")


@require_safe
def attached_document(
    request: AccessRequest, registry: str, name: str, digest: str, document: str
) -> HttpResponse:
    """Give the bytes of a document attached to an image as text, its first mebibyte at most."""
    repository = repository_or_404(request.access, registry, name)
    rows = Document.objects.filter(
        digest=document,
        places__manifest__referrer_rows__repository=repository,
        places__manifest__referrer_rows__subject_digest=digest,
    )
    row = rows.first()
    if row is None:
        raise Http404
    # As text whatever it says it is: what comes from a registry must not steer a browser.
    text = row.kept.decode("utf-8", "replace")
    response = HttpResponse(text, content_type="text/plain; charset=utf-8")
    response["Content-Disposition"] = f'inline; filename="{row.digest.replace(":", "-")}.txt"'
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, max-age=3600"
    return response


@require_safe
def package_search(request: AccessRequest) -> HttpResponse:
    """Show which images have a package."""
    page = PackageSearchPage.build(request.GET, request.access)
    return render_page(request, "supplychain/packages.html", page, partial="package-table")


@require_safe
def package_export(request: AccessRequest) -> HttpResponseBase:
    """Give every image that has a package, as CSV or JSON Lines."""
    kind, text = request.GET.get("as", "csv"), text_in(request.GET, "q", most=LONGEST)
    question = PackageQuestion.parse(text)
    if kind not in KINDS or not question.is_asked:
        raise Http404
    now = timezone.now()
    found = with_packages(question, request.access)
    if request.method == "GET":
        details = {"format": kind, "filters": request.GET.urlencode()}
        by = actor_of(request)
        record(Action.EXPORT, by=by, subject="packages", details=details, now=now)
    response = attachment(KINDS[kind](found, now=now), f"packages-{now:%Y-%m-%d}.{kind}")
    response["Cache-Control"] = "private, no-store"
    return response


@require_safe
def vulnerability_search(request: AccessRequest) -> HttpResponse:
    """Show of which images a vulnerability is reported."""
    page = VulnerabilitySearchPage.build(request.GET, request.access)
    return render_page(
        request, "supplychain/vulnerabilities.html", page, partial="vulnerability-table"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
@never_cache
def key_list(request: AccessRequest) -> HttpResponse:
    """Show the keys that are trusted; by POST, trust another one."""
    form = KeyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        _trust(request, form)
        return see_other(request.path)
    return render_page(request, "supplychain/keys.html", KeyListPage.build(form))


@require_POST
@for_administrators
def key_delete(request: AccessRequest, key: int) -> HttpResponse:
    """End the trust in a key: what it signed is signed by an unknown key from now on."""
    row = get_object_or_404(TrustedKey, pk=key)
    with transaction.atomic():
        row.delete()
        _record(request, Action.KEY_REMOVE, row)
    return see_other(reverse("key-list"))


@transaction.atomic
def _trust(request: AccessRequest, form: KeyForm) -> None:
    typed, now = form.cleaned_data, timezone.now()
    trusted = read_trusted(typed["pem"])
    row = TrustedKey.objects.create(
        **typed,
        fingerprint=trusted.fingerprint,
        words=trusted.words,
        expires_at=trusted.expires_at,
        added_by=request.access.name,
        added_at=now,
    )
    ask_for_trial(row, now=now)
    _record(request, Action.KEY_ADD, row)


def _record(request: AccessRequest, action: Action, row: TrustedKey) -> None:
    record(
        action,
        by=actor_of(request),
        subject=row.name,
        details={
            "fingerprint": row.fingerprint,
            "kind": row.words,
            "registry": row.registry,
            "repository": row.repository,
        },
        now=timezone.now(),
    )
