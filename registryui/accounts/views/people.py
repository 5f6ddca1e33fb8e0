"""The pages on which administrators let people in."""

from collections.abc import Callable
from functools import partial

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop, pgettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from registryui.accounts import links, people
from registryui.accounts.doors import for_administrators, in_person
from registryui.accounts.forms.people import NewPersonForm, RoleForm
from registryui.accounts.http import AccessRequest
from registryui.accounts.models import User
from registryui.accounts.pages.form import Form
from registryui.accounts.pages.people import PersonDetailPage, PersonListPage, PersonRow
from registryui.accounts.reporting import Action, report
from registryui.web.errors import ErrorPage, error_response
from registryui.web.http import see_other
from registryui.web.pagination import paginate
from registryui.web.query import text_in
from registryui.web.rendering import render_page

_MADE = {
    User.Role.MEMBER: gettext_noop("made {user} member"),
    User.Role.AUDITOR: gettext_noop("made {user} auditor"),
    User.Role.ADMINISTRATOR: gettext_noop("made {user} administrator"),
}
LAST_ONE = ErrorPage(
    409,
    gettext_noop("This is the only administrator"),
    gettext_noop("Without an administrator who may sign in nobody could let others in."),
    gettext_noop("Make somebody else an administrator first."),
)


@require_http_methods(["GET", "HEAD", "POST"])
@in_person
@for_administrators
@never_cache
def person_list(request: AccessRequest) -> HttpResponse:
    """Show everybody who has an account, and add somebody."""
    form = NewPersonForm(request.POST or None)
    link, name = "", ""
    if request.method == "POST" and form.is_valid():
        user = form.save()
        link, name = _link_for(request, user), user.username
        _tell(
            request,
            user,
            gettext_noop("added {name} as {what}").format(name=name, what=user.role.lower()),
        )
        form = NewPersonForm()
    page = _list_page(request, form, link, name)
    return render_page(request, "accounts/person_list.html", page, partial="person-table")


@require_safe
@in_person
@for_administrators
@never_cache
def person_detail(request: AccessRequest, person: int) -> HttpResponse:
    """Show one person, what they may do, and what can be done for them."""
    return _detail(request, get_object_or_404(User, pk=person))


@require_POST
@in_person
@for_administrators
@never_cache
def person_link(request: AccessRequest, person: int) -> HttpResponse:
    """Make a link by which somebody chooses a new password, and show it once."""
    user = get_object_or_404(User, pk=person, is_active=True, source="")
    link = _link_for(request, user)
    _tell(request, user, gettext_noop("made a password link for {user}").format(user=user.username))
    return _detail(request, user, link=link)


@require_POST
@in_person
@for_administrators
def person_role(request: AccessRequest, person: int) -> HttpResponse:
    """Give somebody another role."""
    user = get_object_or_404(User, pk=person)
    form = RoleForm(request.POST)
    if not form.is_valid():
        return _detail(request, user, form=form)
    role = form.cleaned_data["role"]
    done = _MADE[User.Role(role)].format(user=user.username)
    return _change(request, user, partial(people.set_role, user, role), done)


@require_POST
@in_person
@for_administrators
def person_disable(request: AccessRequest, person: int) -> HttpResponse:
    """Let somebody in no more."""
    user = get_object_or_404(User, pk=person)
    change = partial(people.set_active, user, is_active=False)
    return _change(
        request, user, change, gettext_noop("shut out {user}").format(user=user.username)
    )


@require_POST
@in_person
@for_administrators
def person_enable(request: AccessRequest, person: int) -> HttpResponse:
    """Let somebody in again."""
    user = get_object_or_404(User, pk=person)
    change = partial(people.set_active, user, is_active=True)
    return _change(
        request, user, change, gettext_noop("let in {user} again").format(user=user.username)
    )


@require_POST
@in_person
@for_administrators
def person_two_factor_reset(request: AccessRequest, person: int) -> HttpResponse:
    """Forget somebody's second factors."""
    user = get_object_or_404(User, pk=person)
    done = gettext_noop("reset the second factors of {user}").format(user=user.username)
    return _change(request, user, partial(people.reset_two_factor, user), done)


def _change(
    request: AccessRequest, user: User, change: Callable[[], None], done: str
) -> HttpResponse:
    try:
        change()
    except people.LastAdministratorError:
        return error_response(request, LAST_ONE)
    _tell(request, user, done)
    return see_other(reverse("person-detail", args=[user.pk]))


def _detail(
    request: AccessRequest, user: User, *, form: RoleForm | None = None, link: str = ""
) -> HttpResponse:
    form = form or RoleForm(initial={"role": user.role})
    part = Form.build(
        form, url=reverse("person-role", args=[user.pk]), button=pgettext("button", "Change")
    )
    page = PersonDetailPage.build(user, part, now=timezone.now(), link=link)
    return render_page(request, "accounts/person_detail.html", page)


def _list_page(
    request: AccessRequest, form: NewPersonForm, link: str, link_is_for: str
) -> PersonListPage:
    name = text_in(request.GET, "name", most=150)
    found = User.objects.filter(username__icontains=name).prefetch_related("teams")
    pagination = paginate(
        request.GET, path=request.path, total=found.count(), size=settings.PAGE_SIZE
    )
    shown = found[pagination.offset : pagination.last]
    return PersonListPage(
        url=reverse("person-list"),
        name=name,
        people=tuple(PersonRow.build(user) for user in shown),
        pagination=pagination,
        form=Form.build(form, url=reverse("person-list"), button=_("Add")),
        link=link,
        link_is_for=link_is_for,
    )


def _link_for(request: AccessRequest, user: User) -> str:
    return request.build_absolute_uri(links.make_password_link(user, now=timezone.now()))


def _tell(request: AccessRequest, user: User, detail: str) -> None:
    report(request, Action.PERSON, user=request.access.name, detail=detail)
