"""The language that somebody chooses: kept in the browser, and on the account of who has one."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse, HttpResponseBadRequest, HttpResponseRedirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from registryui.accounts.http import AccessRequest, where_to
from registryui.accounts.models import User
from registryui.web.language import is_language, remember


@login_not_required
@require_POST
def language(request: AccessRequest) -> HttpResponse:
    """Remember the chosen language, "" for the browser's, and go back to where it was chosen."""
    code = request.POST.get("language", "")
    if code and not is_language(code):
        return HttpResponseBadRequest(_("There is no such language: choose one of those shown."))
    if (user_id := request.access.user_id) is not None:
        User.objects.filter(pk=user_id).update(language=code)
    response = HttpResponseRedirect(where_to(request))
    remember(response, code, is_secure=request.is_secure())
    return response
