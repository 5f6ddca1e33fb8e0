"""The address of Docker Hub's part of a search."""

from django.urls import path

from registryui.hub import views

urlpatterns = [path("search/hub/", views.hub_search, name="hub-search")]
