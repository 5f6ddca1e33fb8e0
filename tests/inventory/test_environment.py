"""Secrets in an image's environment are found by name or by form, and their values stay inside."""

import pytest

from registryui.inventory.environment import (
    MOST_NAMES,
    UNPRINTABLE_NAME,
    is_secret,
    secret_names,
)

KEYS = (
    "AKIA" + "ABCDEFGHIJKLMNOP",
    "ghp_" + "a1B2" * 9,
    "glpat-" + "x" * 20,
    "npm_" + "Z9" * 18,
    "-----BEGIN RSA PRIVATE " + "KEY-----\nMIIE",
    "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.x",
    "postgres://app:hunter2@db.example/app",
)


@pytest.mark.parametrize(
    "name",
    [
        "DB_PASSWORD",
        "PASSWORD",
        "MYSQL_ROOT_PASSWORD",
        "PGPASSWORD",
        "GITHUB_TOKEN",
        "token",
        "CLIENT_SECRET",
        "API_KEY",
        "aws_secret_access_key",
        "spring.datasource.password",
        "DB_PWD",
    ],
)
def test_finds_variables_that_are_named_like_secrets(name):
    assert is_secret(name, "hunter2")


@pytest.mark.parametrize(
    "name",
    ["PATH", "PWD", "KEYBOARD", "GPG_KEY", "PUBLIC_KEY", "DB_PASSWORD_FILE", "TOKENIZER", "MONKEY"],
)
def test_leaves_other_variables_alone(name):
    assert not is_secret(name, "hunter2")


@pytest.mark.parametrize(
    "value",
    [
        "",
        " ",
        "changeme",
        "CHANGE_ME",
        "change-me!",
        "xxxx",
        "********",
        "<your password>",
        "${DB_PASSWORD}",
        "$DB_PASSWORD",
        "{{ password }}",
        "your-token-here",
        "none",
        "false",
        "/run/secrets/password",
    ],
)
def test_takes_a_placeholder_for_none(value):
    assert not is_secret("DB_PASSWORD", value)


@pytest.mark.parametrize("value", ["postgres", "password", "s3cr3t", "changeme2026x", "$2y$10$abc"])
def test_takes_a_weak_secret_for_one(value):
    assert is_secret("DB_PASSWORD", value)


@pytest.mark.parametrize("value", KEYS)
def test_finds_known_kinds_of_keys_under_any_name(value):
    assert is_secret("HARMLESS", f"before {value} after")


def test_finds_no_password_in_an_ordinary_address():
    assert not is_secret("HOMEPAGE", "https://images.example:8443/a@b")


def test_gives_names_in_their_order_and_each_once():
    environment = (("B_TOKEN", "one"), ("PATH", "/bin"), ("A_KEY", "two"), ("B_TOKEN", "three"))

    assert secret_names(environment) == ("B_TOKEN", "A_KEY")


@pytest.mark.parametrize("name", [KEYS[1], "A_TOKEN\u202e", "<b>_TOKEN", "", "x" * 200 + "_TOKEN"])
def test_never_gives_a_name_that_may_be_the_secret_or_a_trick(name):
    assert set(secret_names(((name, KEYS[0]),))) == {UNPRINTABLE_NAME}


def test_gives_few_names_of_many():
    names = secret_names(tuple((f"N{number}_TOKEN", "value") for number in range(1000)))

    assert len(names) == MOST_NAMES


@pytest.mark.parametrize(
    "hostile",
    ["_" * 64_000, "A_" * 32_000, "://" * 20_000, "eyJ" * 20_000, " " * 64_000, "your " * 12_000],
)
def test_reads_hostile_texts(hostile):
    names = secret_names(((hostile, hostile), ("A_PASSWORD", hostile)))

    assert set(names) <= {"A_PASSWORD", UNPRINTABLE_NAME}
