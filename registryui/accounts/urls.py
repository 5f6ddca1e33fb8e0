"""Addresses of the accounts; django-allauth asks for the names account_... and mfa_...."""

from django.urls import path

from registryui.accounts.views import (
    account,
    grants,
    links,
    people,
    proving,
    services,
    sign_in,
    teams,
    tokens,
    two_factor,
)

urlpatterns = [
    path("sign-in/", sign_in.sign_in, name="sign-in"),
    path("sign-in/", sign_in.sign_in, name="account_login"),
    path("sign-in/inactive/", sign_in.inactive, name="account_inactive"),
    path("sign-in/code/", proving.code, name="sign-in-code"),
    path("sign-in/code/", proving.code, name="mfa_authenticate"),
    path("sign-in/again/", proving.password_again, name="password-again"),
    path("sign-in/again/", proving.password_again, name="account_reauthenticate"),
    path("sign-in/again/code/", proving.code_again, name="code-again"),
    path("sign-in/again/code/", proving.code_again, name="mfa_reauthenticate"),
    path("sign-in/oidc/<slug:provider_id>/", services.go, name="openid_connect_login"),
    path(
        "sign-in/oidc/<slug:provider_id>/callback/",
        services.come_back,
        name="openid_connect_callback",
    ),
    path("set-up/<str:secret>/", links.set_up, name="set-up"),
    path("password/<str:secret>/", links.choose_password, name="choose-password"),
    path("account/", account.account, name="account"),
    path("account/password/", account.password, name="password"),
    path("account/two-factor/", two_factor.two_factor, name="two-factor"),
    path("account/two-factor/on/", two_factor.two_factor_on, name="two-factor-on"),
    path(
        "account/two-factor/on/picture.svg",
        two_factor.two_factor_picture,
        name="two-factor-picture",
    ),
    path("account/two-factor/off/", two_factor.two_factor_off, name="two-factor-off"),
    path("account/two-factor/codes/", two_factor.recovery_codes, name="recovery-codes"),
    path("account/two-factor/codes/new/", two_factor.recovery_codes_new, name="recovery-codes-new"),
    path("account/sessions/end/", account.sessions_end, name="sessions-end"),
    path("account/sessions/<int:session>/end/", account.session_end, name="session-end"),
    path("account/tokens/", tokens.token_list, name="token-list"),
    path("account/tokens/<int:token>/revoke/", tokens.token_revoke, name="token-revoke"),
    path("people/", people.person_list, name="person-list"),
    path("people/<int:person>/", people.person_detail, name="person-detail"),
    path("people/<int:person>/role/", people.person_role, name="person-role"),
    path("people/<int:person>/link/", people.person_link, name="person-link"),
    path("people/<int:person>/shut-out/", people.person_disable, name="person-disable"),
    path("people/<int:person>/let-in/", people.person_enable, name="person-enable"),
    path(
        "people/<int:person>/two-factor/reset/",
        people.person_two_factor_reset,
        name="person-two-factor-reset",
    ),
    path("teams/", teams.team_list, name="team-list"),
    path("teams/<slug:team>/", teams.team_detail, name="team-detail"),
    path("teams/<slug:team>/change/", teams.team_change, name="team-change"),
    path("teams/<slug:team>/delete/", teams.team_delete, name="team-delete"),
    path("teams/<slug:team>/members/add/", teams.member_add, name="member-add"),
    path(
        "teams/<slug:team>/members/<int:person>/remove/", teams.member_remove, name="member-remove"
    ),
    path("teams/<slug:team>/grants/add/", grants.grant_add, name="grant-add"),
    path("teams/<slug:team>/grants/<int:grant>/remove/", grants.grant_remove, name="grant-remove"),
    path("sign-out/", sign_in.sign_out, name="sign-out"),
]
