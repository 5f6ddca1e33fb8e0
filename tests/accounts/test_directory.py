"""Coming by an LDAP directory: Debian's slapd, on the loopback."""

import shutil
import subprocess
from contextlib import contextmanager
from pathlib import Path

import environ
import pytest
from environ.fileaware_mapping import FileAwareMapping

from registryui.accounts.models import Team, User
from registryui.accounts.signing import declared_ldap
from registryui.accounts.signing.declared import SignInDeclarationError
from registryui.accounts.signing.declared_ldap import ldap_from
from tests.real.processes import eventually, free_port

SLAPD = shutil.which("slapd") or "/usr/sbin/slapd"
HERE = {
    "REGISTRYUI_LDAP_URL": "ldaps://ldap.example",
    "REGISTRYUI_LDAP_USER_BASE": "ou=people,dc=example",
    "REGISTRYUI_LDAP_GROUP_BASE": "ou=groups,dc=example",
}
CONFIGURATION = """
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
modulepath /usr/lib/ldap
moduleload back_mdb
pidfile {directory}/slapd.pid
database mdb
suffix "dc=example"
rootdn "cn=root,dc=example"
rootpw root-password
directory {directory}/data
access to attrs=userPassword by anonymous auth
access to * by dn.exact="cn=reader,dc=example" read by dn.exact="cn=root,dc=example" write
"""
ENTRIES = """
dn: dc=example
objectClass: dcObject
objectClass: organization
o: Example
dc: example

dn: cn=reader,dc=example
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: reader-password

dn: ou=people,dc=example
objectClass: organizationalUnit
ou: people

dn: uid=ann,ou=people,dc=example
objectClass: inetOrgPerson
uid: ann
cn: Ann
sn: A
userPassword: ann-password

dn: uid=administrator,ou=people,dc=example
objectClass: inetOrgPerson
uid: administrator
cn: Impostor
sn: I
userPassword: impostor-password

dn: ou=groups,dc=example
objectClass: organizationalUnit
ou: groups

dn: cn=devs,ou=groups,dc=example
objectClass: groupOfNames
cn: devs
member: uid=ann,ou=people,dc=example

dn: cn=ops,ou=groups,dc=example
objectClass: groupOfNames
cn: ops
member: uid=administrator,ou=people,dc=example
"""


def read(**variables):
    env = environ.FileAwareEnv()
    env.ENVIRON = FileAwareMapping(env={**HERE, **variables})
    return ldap_from(env)


@contextmanager
def slapd(directory):
    """Run a directory while the block runs; the value is its address."""
    (directory / "data").mkdir()
    (directory / "slapd.conf").write_text(CONFIGURATION.format(directory=directory))
    (directory / "entries.ldif").write_text(ENTRIES)
    given = ["-f", str(directory / "slapd.conf")]
    add = [str(Path(SLAPD).with_name("slapadd")), *given, "-l", str(directory / "entries.ldif")]
    subprocess.run(add, check=True, capture_output=True)
    url = f"ldap://127.0.0.1:{free_port()}"
    with subprocess.Popen([SLAPD, *given, "-h", url, "-d", "0"]) as process:
        try:
            assert eventually((directory / "slapd.pid").exists)
            yield url
        finally:
            process.terminate()


@pytest.fixture(scope="module")
def directory(tmp_path_factory):
    """Run a directory with two people for all tests."""
    pytest.importorskip("django_auth_ldap", reason="needs requirements-ldap.txt; tests.run has it")
    if not Path(SLAPD).exists():
        pytest.skip("needs slapd")
    with slapd(tmp_path_factory.mktemp("ldap")) as url:
        yield url


@pytest.fixture
def use(settings, people, directory):
    """Return what signs people in by the directory, with some settings otherwise."""

    def with_settings(**variables):
        bind = {
            "REGISTRYUI_LDAP_URL": directory,
            "REGISTRYUI_LDAP_BIND_DN": "cn=reader,dc=example",
            "REGISTRYUI_LDAP_BIND_PASSWORD": "reader-password",
        }
        for name, value in read(**{**bind, **variables}).items():
            setattr(settings, name, value)
        settings.AUTHENTICATION_BACKENDS = [
            *settings.AUTHENTICATION_BACKENDS,
            declared_ldap.BACKEND,
        ]

    return with_settings


def sign_in(client, name="ann", password="ann-password"):
    client.post("/sign-in/", {"login": name, "password": password})
    response = client.get("/sync/")
    return response.context["request"].access.name if response.status_code == 200 else ""


def test_lets_in_whose_password_the_directory_knows(client, use):
    Team.objects.create(name="Devs", slug="devs", external_group="devs")
    Team.objects.create(name="Ops", slug="ops", external_group="ops")
    use()

    assert sign_in(client, "Ann") == "ann"

    ann = User.objects.get(username="ann")
    assert (ann.source, ann.teams.get().slug) == ("LDAP", "devs")
    assert not ann.has_usable_password()


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("ann", "wrong"),
        ("ann", ""),
        ("*", "ann-password"),
        ("nobody", "x"),
        ("an*", "ann-password"),
    ],
)
def test_lets_in_nobody_else(client, use, name, password):
    use()

    assert sign_in(client, name, password) == ""
    assert User.objects.count() == 5


def test_takes_over_no_local_account(client, use):
    use()

    assert sign_in(client, "administrator", "impostor-password") == ""
    assert sign_in(client, "administrator", "administrator-password") == "administrator"


def test_gives_roles_by_groups(client, use, settings):
    use()
    settings.AUDITOR_GROUPS = ["devs"]

    sign_in(client)

    assert User.objects.get(username="ann").role == User.Role.AUDITOR


def test_lets_in_nobody_who_is_shut_out(client, use):
    use()
    sign_in(client)
    User.objects.filter(username="ann").update(is_active=False)

    assert client.get("/sync/").status_code == 302
    assert sign_in(client) == ""


def test_keeps_local_accounts_when_the_directory_is_down(client, use):
    use(REGISTRYUI_LDAP_URL=f"ldap://127.0.0.1:{free_port()}")

    assert sign_in(client) == ""
    assert sign_in(client, "member", "member-password") == "member"


def test_is_not_used_unless_declared():
    assert read(REGISTRYUI_LDAP_URL="") == {}


def test_says_what_to_install(monkeypatch):
    monkeypatch.setattr(declared_ldap, "find_spec", lambda _: None)

    with pytest.raises(SignInDeclarationError, match=r"requirements-ldap\.txt"):
        read()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"REGISTRYUI_LDAP_URL": "ldap://ldap.example"}, "in the clear"),
        ({"REGISTRYUI_LDAP_URL": "https://ldap.example"}, "ldaps://"),
        ({"REGISTRYUI_LDAP_USER_BASE": ""}, "below which entry"),
        ({"REGISTRYUI_LDAP_GROUP_TYPE": "friends"}, "is one of"),
    ],
)
def test_says_what_cannot_work(changes, words):
    pytest.importorskip("django_auth_ldap", reason="needs requirements-ldap.txt; tests.run has it")

    with pytest.raises(SignInDeclarationError, match=words):
        read(**changes)
