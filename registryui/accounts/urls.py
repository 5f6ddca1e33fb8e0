"""Addresses of the accounts; django-allauth asks for the names account_... and mfa_...."""

from django.urls import path

from registryui.accounts.views import sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/inactive/", sign_in.inactive, name="account_inactive"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]
