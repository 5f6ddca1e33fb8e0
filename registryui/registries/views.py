"""Registries are added, changed and removed here, by administrators who signed in."""

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from registryui.accounts.doors import for_administrators, in_person
from registryui.accounts.http import AccessRequest
from registryui.audit.access import actor_of
from registryui.catalog.models import Registry, RegistrySettings
from registryui.connections import set_declaration
from registryui.declarations import Declaration
from registryui.registries.carrying import CarryError, carried, unpacked
from registryui.registries.former import Former
from registryui.registries.forms import RegistryForm
from registryui.registries.pages.removal import RegistryRemovalPage
from registryui.registries.pages.settings import RegistrySettingsPage, Trial
from registryui.registries.saving import MovedError, TakenError, remove, save
from registryui.registries.trying import TooManyTrialsError, is_sound, tried
from registryui.web.http import see_other
from registryui.web.rendering import render_page

TEMPLATE = "registries/settings.html"
ALL_THE_SAME = "save"


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@for_administrators
@never_cache
def registry_add(request: AccessRequest) -> HttpResponse:
    """Show the form that adds a registry; by POST, test and add it."""
    form = _form(request, Former())
    if request.method == "POST":
        return _save(request, form)
    return render_page(request, TEMPLATE, RegistrySettingsPage.build(form))


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@for_administrators
@never_cache
def registry_settings(request: AccessRequest, registry: str) -> HttpResponse:
    """Show how a registry is reached; by POST, test and change it if it was added here."""
    row = get_object_or_404(Registry.objects.declared(), slug=registry)
    typed = RegistrySettings.objects.of(registry)
    declared = set_declaration(registry)
    if declared is not None or typed is None:
        declared = declared or _as_the_row_says(row)
        page = RegistrySettingsPage.build_locked(row, declared, typed)
        return render_page(request, TEMPLATE, page, status=409 if request.method == "POST" else 200)
    form = _form(request, Former.of(typed))
    if request.method == "POST":
        return _save(request, form, typed)
    return render_page(
        request, TEMPLATE, RegistrySettingsPage.build(form, registry=row, typed=typed)
    )


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@for_administrators
@never_cache
def registry_remove(request: AccessRequest, registry: str) -> HttpResponse:
    """Say what is lost with a registry that was added here; by POST, remove it."""
    typed = RegistrySettings.objects.of(registry)
    if typed is None:
        raise Http404
    if request.method == "POST":
        remove(typed, by=actor_of(request), now=timezone.now())
        return see_other(reverse("registry-list"))
    return render_page(request, "registries/remove.html", RegistryRemovalPage.build(typed))


def _as_the_row_says(row: Registry) -> Declaration:
    """Return what is known of a registry that was taken out of the settings a moment ago."""
    return Declaration(row.slug, row.base_url, row.title, source=row.declared_in.lower())


def _form(request: AccessRequest, former: Former) -> RegistryForm:
    if request.method != "POST":
        return RegistryForm(None, former=former)
    try:
        secrets = unpacked(
            request.POST.get("carried", ""), about=_about(request, former), now=timezone.now()
        )
    except CarryError:
        form = RegistryForm(request.POST, former=former)
        form.add_error(
            None, _("What you typed of secrets was kept for a while only. Type it again.")
        )
        return form
    return RegistryForm(request.POST, former=former, carried=secrets)


def _about(request: AccessRequest, former: Former) -> str:
    return f"{request.access.user_id} {former.slug}"


def _save(
    request: AccessRequest, form: RegistryForm, typed: RegistrySettings | None = None
) -> HttpResponse:
    """Save what works, or what is to be saved all the same; else show what does not work."""
    now, by, trial = timezone.now(), actor_of(request), None
    try:
        if form.is_valid() and request.POST.get("do") != ALL_THE_SAME:
            seen = tried(form.declaration, by=by, now=now)
            trial = Trial(seen, is_sound(seen))
        if form.is_valid() and (trial is None or trial.is_sound):
            return see_other(save(form, by=by, now=now).get_absolute_url())
    except RegistrySettings.DoesNotExist as error:
        raise Http404 from error
    except TakenError:
        form.add_error("slug", _("Somebody has just added a registry of this name."))
    except MovedError:
        form.add_error(None, _("Somebody has just given it another address. Begin again."))
    except TooManyTrialsError:
        form.add_error(None, _("Other registries are being tested right now. Try again."))
    page = RegistrySettingsPage.build(
        form,
        registry=typed.registry if typed else None,
        typed=typed,
        trial=trial,
        carried=carried(form.typed_secrets, about=_about(request, form.former), now=now),
    )
    return render_page(request, TEMPLATE, page)
