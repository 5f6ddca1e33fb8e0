"""Addresses of the accounts; django-allauth asks for the names account_... and mfa_...."""

from django.urls import path

from registryui.accounts.views import links, sign_in

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/inactive/", sign_in.inactive, name="account_inactive"),
    path("set-up/<str:secret>/", links.set_up, name="set-up"),
    path("password/<str:secret>/", links.choose_password, name="choose-password"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]
