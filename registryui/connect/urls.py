"""Addresses of connecting."""

from django.urls import path

from registryui.connect import views

urlpatterns = [
    path("explain/", views.explain, name="explain"),
    path("r/<slug:registry>/-/connect/", views.connect, name="connect"),
    path("r/<slug:registry>/-/connect/ca.crt", views.connect_ca, name="connect-ca"),
    path("r/<slug:registry>/-/doctor/", views.doctor, name="doctor"),
]
