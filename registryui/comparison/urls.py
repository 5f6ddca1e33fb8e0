"""Addresses of comparisons."""

from django.urls import path

from registryui.comparison import views

urlpatterns = [path("compare/", views.compare, name="compare")]
