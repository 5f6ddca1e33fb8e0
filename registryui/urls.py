"""Every address of the site; ``-`` fences what is ours off from repository names."""

from django.urls import include, path

from registryui.metrics import metrics

urlpatterns = [
    path("metrics", metrics, name="metrics"),
    path("", include("registryui.web.urls")),
    path("", include("registryui.audit.urls")),
    path("", include("registryui.accounts.urls")),
    path("", include("registryui.registries.urls")),
    path("", include("registryui.inventory.urls")),
    path("", include("registryui.deletion.rules.urls")),
    path("", include("registryui.deletion.retention.urls")),
    path("", include("registryui.activity.urls")),
    path("", include("registryui.storage.urls")),
    path("", include("registryui.lineage.urls")),
    path("", include("registryui.builds.urls")),
    path("", include("registryui.hub.urls")),
    path("", include("registryui.standing.urls")),
    path("", include("registryui.supplychain.urls")),
    path("", include("registryui.connect.urls")),
    path("", include("registryui.comparison.urls")),
    path("", include("registryui.contents.urls")),
    path("", include("registryui.deletion.urls")),
    path("", include("registryui.sync.urls")),
    path("", include("registryui.catalog.urls")),
]

handler400 = "registryui.web.errors.bad_request"
handler404 = "registryui.web.errors.not_found"
handler500 = "registryui.web.errors.server_error"
handler429 = "registryui.accounts.views.sign_in.too_many_requests"  # django-allauth asks for it
