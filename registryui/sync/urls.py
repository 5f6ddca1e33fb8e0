"""Addresses of the sync."""

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
