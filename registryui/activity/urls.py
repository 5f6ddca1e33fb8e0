"""Addresses of the activity."""

from django.urls import path

from registryui.activity import views
from registryui.catalog.urls import REPOSITORY

urlpatterns = [
    path("hooks/<slug:registry>/", views.hook, name="hook"),
    path("hooks/<slug:registry>/<str:secret>/", views.hook, name="hook-with-secret"),
    path("activity/", views.activity, name="activity"),
    path("r/<slug:registry>/-/notifications/", views.notifications, name="notifications"),
    path(f"{REPOSITORY}/-/activity/", views.repository_activity, name="repository-activity"),
]
