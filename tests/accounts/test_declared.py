"""What the environment says about signing in."""

import environ
import pytest
from environ.fileaware_mapping import FileAwareMapping

from registryui.accounts.signing.declared import (
    SignInDeclarationError,
    as_apps,
    networks_in,
    providers_from,
)

ONE = {
    "REGISTRYUI_OIDC_ISSUER": "https://id.example/realms/a/",
    "REGISTRYUI_OIDC_CLIENT_ID": "ui",
    "REGISTRYUI_OIDC_CLIENT_SECRET": "s",
}


def read(variables):
    env = environ.FileAwareEnv()
    env.ENVIRON = FileAwareMapping(env=dict(variables))  # the shared one remembers files
    return providers_from(env)


def test_declares_none_by_itself():
    assert read({}) == ()


def test_reads_one_provider(tmp_path):
    (tmp_path / "secret").write_text("from-a-file\n")
    variables = {**ONE, "REGISTRYUI_OIDC_CLIENT_SECRET_FILE": str(tmp_path / "secret")}
    del variables["REGISTRYUI_OIDC_CLIENT_SECRET"]

    [app] = as_apps(read(variables))

    assert (app["provider_id"], app["name"]) == ("oidc", "id.example")
    assert app["secret"].strip() == "from-a-file"
    assert app["settings"]["server_url"] == "https://id.example/realms/a"
    assert app["settings"]["oauth_pkce_enabled"]


def test_reads_any_number_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("kept\n")
    (tmp_path / "providers.toml").write_text(
        '[providers.staff]\nissuer = "https://a.example"\nclient_id = "a"\n'
        f'client_secret_file = "{tmp_path}/secret"\nname = "Staff"\n'
        '[providers.guests]\nissuer = "http://127.0.0.1:9"\nclient_id = "b"\nclient_secret = "b"\n'
    )

    found = read({**ONE, "REGISTRYUI_OIDC_PROVIDERS_FILE": str(tmp_path / "providers.toml")})

    assert [each.slug for each in found] == ["oidc", "staff", "guests"]
    assert found[1].client_secret == "kept"
    assert "kept" not in repr(found)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"REGISTRYUI_OIDC_ISSUER": "http://id.example"}, "https://"),
        ({"REGISTRYUI_OIDC_ISSUER": "id.example"}, "https://"),
        ({"REGISTRYUI_OIDC_CLIENT_ID": ""}, "client id"),
        ({"REGISTRYUI_OIDC_CLIENT_SECRET": ""}, "client secret"),
        ({"REGISTRYUI_OIDC_PROVIDERS_FILE": "/nowhere.toml"}, "cannot be read"),
    ],
)
def test_says_what_cannot_work(changes, words):
    with pytest.raises(SignInDeclarationError, match=words):
        read({**ONE, **changes})


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[providers.A_b]", "name in addresses"),
        ("[providers.a]\nissuer = 1", "must be text"),
        ("[providers.a]\nmode = 'x'", "nobody knows: mode"),
        ("providers = 3", "needs tables"),
        ("[providers", "cannot be read"),
    ],
)
def test_says_what_is_wrong_with_a_file(tmp_path, text, words):
    (tmp_path / "providers.toml").write_text(text)

    with pytest.raises(SignInDeclarationError, match=words):
        read({"REGISTRYUI_OIDC_PROVIDERS_FILE": str(tmp_path / "providers.toml")})


def test_reads_networks_and_addresses():
    found = networks_in(["10.0.0.0/8", " ::1 ", ""])

    assert [str(each) for each in found] == ["10.0.0.0/8", "::1/128"]


def test_refuses_what_is_no_network():
    with pytest.raises(ValueError, match="example"):
        networks_in(["proxy.example"])
