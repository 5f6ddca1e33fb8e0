"""Registries declared in the environment or in a file."""

from pathlib import Path

import pytest

from registryui.declarations import (
    Declaration,
    DeclarationError,
    check_web_address,
    from_environment,
    from_file,
    read_secret,
)


def declared(tmp_path: Path, text: str) -> Path:
    """Write a registries file."""
    path = tmp_path / "registries.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_declares_nothing_in_an_empty_environment() -> None:
    assert from_environment({"REGISTRYUI_DEBUG": "1", "REGISTRYUI_REGISTRY_URL": ""}) == ()


def test_declares_one_registry_by_its_url() -> None:
    [declaration] = from_environment({"REGISTRYUI_REGISTRY_URL": "https://registry.example:5000"})

    assert (declaration.slug, declaration.source) == ("default", "environment")
    assert declaration.client_host == "registry.example:5000"
    assert declaration.tls_verify


def test_takes_every_setting_from_the_environment() -> None:
    [declaration] = from_environment(
        {
            "REGISTRYUI_REGISTRY_URL": "http://registry:5000",
            "REGISTRYUI_REGISTRY_TITLE": "Ours",
            "REGISTRYUI_REGISTRY_PUBLIC_HOST": "registry.example",
            "REGISTRYUI_REGISTRY_USERNAME": "reader",
            "REGISTRYUI_REGISTRY_PASSWORD": "open-sesame",
            "REGISTRYUI_REGISTRY_TLS_VERIFY": "false",
            "REGISTRYUI_REGISTRY_TOKEN_HOSTS": "auth.example, login.example",
        }
    )

    assert declaration.client_host == "registry.example"
    assert not declaration.tls_verify
    assert declaration.token_hosts == ("auth.example", "login.example")
    assert "open-sesame" not in repr(declaration)


def test_reads_the_password_from_its_file(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("open-sesame\n", encoding="utf-8")

    [declaration] = from_environment(
        {
            "REGISTRYUI_REGISTRY_URL": "https://registry.example",
            "REGISTRYUI_REGISTRY_PASSWORD_FILE": str(secret),
        }
    )

    assert declaration.password == "open-sesame"


def test_declares_any_number_in_a_file(tmp_path: Path) -> None:
    path = declared(
        tmp_path,
        """
        [registries.main]
        url = "https://registry.example"
        storage_hosts = ["storage.example"]
        [registries.lab-2]
        url = "http://lab.example:5000"
        tls_verify = false
        """,
    )

    first, second = from_file(path)

    assert (first.slug, first.source, first.storage_hosts) == ("main", "file", ("storage.example",))
    assert (second.slug, second.tls_verify) == ("lab-2", False)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "declares no registry"),
        ("registries = 3", "declares no registry"),
        ("not toml", "not valid TOML"),
        ("[registries.Main]\nurl = 'https://a.example'", "cannot be part of an address"),
        ("[registries.a]\nurl = 'registry.example'", "needs a url such as"),
        ("[registries.a]\nurl = 'https://me:secret@a.example'", "neither credentials nor"),
        ("[registries.a]\nurl = 'https://a.example?x=1'", "neither credentials nor a query"),
        ("[registries.a]\nurl = 'https://a.example'\ncolour = 'red'", "unknown setting 'colour'"),
        ("[registries.a]\nurl = 'https://a.example'\ntls_verify = 'maybe'", "true or false"),
        ("[registries.a]\nurl = 7", "must be a text"),
        ("[registries.a]\nurl = 'https://a.example'\ntoken_hosts = [1]", "list of host names"),
        ("[registries]\na = 'https://a.example'", "must be a table"),
        ("[registries.a]\ntitle = 'No address'", "needs a url such as"),
    ],
)
def test_says_what_is_wrong_with_a_declaration(tmp_path: Path, text: str, words: str) -> None:
    path = declared(tmp_path, text)

    with pytest.raises(DeclarationError, match=words):
        from_file(path)


def test_says_that_a_file_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DeclarationError, match="cannot be read"):
        from_file(tmp_path / "missing.toml")
    with pytest.raises(DeclarationError, match="cannot be read"):
        read_secret(tmp_path / "missing")


def test_takes_numbers(tmp_path: Path) -> None:
    path = declared(
        tmp_path,
        '[registries.a]\nurl = "http://a.example"\nsync_interval = 60\n'
        "most_requests_per_second = 2.5\n",
    )

    [declaration] = from_file(path)

    assert (declaration.sync_interval, declaration.most_requests_per_second) == (60, 2.5)


@pytest.mark.parametrize("value", ["soon", "-1", "1.5", "nan", "inf", "99999999999", "true"])
def test_refuses_what_is_no_number(value: str) -> None:
    with pytest.raises(DeclarationError, match="sync_interval must be a whole number from 0 to"):
        from_environment(
            {
                "REGISTRYUI_REGISTRY_URL": "http://a.example",
                "REGISTRYUI_REGISTRY_SYNC_INTERVAL": value,
            }
        )


def test_reads_the_secret_of_notifications_from_a_file(tmp_path):
    (tmp_path / "secret").write_text("open-sesame-open-sesame\n")

    [declaration] = from_environment(
        {
            "REGISTRYUI_REGISTRY_URL": "https://registry.example",
            "REGISTRYUI_REGISTRY_HOOK_SECRET_FILE": str(tmp_path / "secret"),
        }
    )

    assert declaration.hook_secret == "open-sesame-open-sesame"
    assert "sesame" not in repr(declaration)


def test_refuses_a_secret_of_notifications_that_is_guessed_too_easily():
    with pytest.raises(DeclarationError, match="at least 16"):
        from_environment(
            {
                "REGISTRYUI_REGISTRY_URL": "https://registry.example",
                "REGISTRYUI_REGISTRY_HOOK_SECRET": "sesame",
            }
        )


@pytest.mark.parametrize("name", ["password", "identity_token", "registry_token"])
def test_reads_each_part_of_the_login_from_its_file_and_remembers_which(tmp_path, name):
    (tmp_path / "secret").write_text("open-sesame\n")

    [declaration] = from_environment(
        {
            "REGISTRYUI_REGISTRY_URL": "https://registry.example",
            f"REGISTRYUI_REGISTRY_{name.upper()}_FILE": str(tmp_path / "secret"),
        }
    )

    assert getattr(declaration, name) == "open-sesame"
    assert getattr(declaration, f"{name}_file") == str(tmp_path / "secret")
    assert "open-sesame" not in repr(declaration)


def test_takes_credentials_from_elsewhere(tmp_path):
    path = declared(
        tmp_path,
        """
        [registries.a]
        url = "https://a.example"
        auth_file = "/run/secrets/config.json"
        [registries.b]
        url = "https://b.example"
        credential_helper = "ecr-login"
        [registries.c]
        url = "https://c.example"
        auth_config = '{"auths": {"c.example": {"auth": "c2VzYW1l"}}}'
        """,
    )

    first, second, third = from_file(path)

    assert first.auth_file == "/run/secrets/config.json"
    assert second.credential_helper == "ecr-login"
    assert third.auth_config
    assert "c2VzYW1l" not in repr(third)


def test_refuses_two_ways_to_sign_in():
    with pytest.raises(DeclarationError, match=r"sign in: password and auth_file\. Keep one"):
        from_environment(
            {
                "REGISTRYUI_REGISTRY_URL": "https://registry.example",
                "REGISTRYUI_REGISTRY_USERNAME": "reader",
                "REGISTRYUI_REGISTRY_PASSWORD": "open-sesame",
                "REGISTRYUI_REGISTRY_AUTH_FILE": "/run/secrets/config.json",
            }
        )


LISTED = "[registries.a]\nurl = 'https://a.example'\n"


def test_takes_where_the_list_of_repositories_comes_from(tmp_path: Path) -> None:
    (tmp_path / "token").write_text("open-sesame\n")
    path = declared(
        tmp_path,
        f"""{LISTED}
        catalog = "gitlab"
        namespaces = ["group", "group/sub"]
        repositories = ["group/app", "group/sub/*"]
        vendor_url = "https://gitlab.example"
        vendor_token_file = "{tmp_path / "token"}"
        """,
    )

    [declaration] = from_file(path)

    assert (declaration.catalog, declaration.vendor_url) == ("gitlab", "https://gitlab.example")
    assert declaration.namespaces == ("group", "group/sub")
    assert declaration.repositories == ("group/app", "group/sub/*")
    assert declaration.vendor_token == "open-sesame"
    assert "sesame" not in repr(declaration)


def test_takes_several_names_from_the_environment() -> None:
    [declaration] = from_environment(
        {
            "REGISTRYUI_REGISTRY_URL": "https://a.example",
            "REGISTRYUI_REGISTRY_CATALOG": "off",
            "REGISTRYUI_REGISTRY_REPOSITORIES": "team/app, team/*-base",
        }
    )

    assert declaration.repositories == ("team/app", "team/*-base")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("catalog = 'never'", "catalog must be one of auto, off, docker-hub"),
        ("repositories = ['Team/App']", "names no repository"),
        ("repositories = ['a.example:5000/app']", "names no repository"),
        ("repositories = ['app:1.0']", "names no repository"),
        ("repositories = ['*a*b*c*d*e*f*g*h*i']", "names no repository"),
        ("repositories = 7", "must be a list of names of repositories"),
        ("catalog = 'harbor'\nnamespaces = ['a?b']", "namespaces has 'a\\?b'"),
        ("namespaces = ['team']", "namespaces is for the API of a vendor"),
        ("catalog = 'off'\nvendor_token = 'x'", "vendor_token is for the API of a vendor"),
        ("catalog = 'harbor'\nvendor_token = 'x'", "set username, too"),
        ("catalog = 'ghcr'", "needs namespaces: the users or organisations"),
        ("catalog = 'gitlab'\nnamespaces = ['g']", "needs vendor_url"),
        ("catalog = 'harbor'\nvendor_url = 'harbor.example'", "vendor_url must be an address"),
        ("catalog = 'zot'\nvendor_url = 'https://[1'", "vendor_url must be an address"),
        ("catalog = 'zot'\nvendor_url = 'https://z.example?x=1'", "vendor_url must be an address"),
        ("catalog = 'zot'\nvendor_url = 'https://me:pw@z.example'", "vendor_url must be an add"),
    ],
)
def test_says_what_is_wrong_with_a_source(tmp_path: Path, text: str, words: str) -> None:
    path = declared(tmp_path, LISTED + text)

    with pytest.raises(DeclarationError, match=words):
        from_file(path)


@pytest.mark.parametrize(
    "host", ["docker.io", "index.docker.io", "registry-1.docker.io", "registry.hub.docker.com"]
)
def test_calls_docker_hub_by_the_name_that_people_type(host):
    assert Declaration("hub", f"https://{host}").client_host == "docker.io"


def test_takes_the_address_of_a_web_api():
    check_web_address("https://hub.example/mirror")


@pytest.mark.parametrize(
    "url",
    ["hub.example", "ftp://hub.example", "https://", "https://a:b@hub.example", "https://a/?q="],
)
def test_refuses_what_is_no_address_of_a_web_api(url):
    with pytest.raises(DeclarationError, match=r"https://hub\.example"):
        check_web_address(url)
