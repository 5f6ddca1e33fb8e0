"""What vouches for images, for a reader of Simplified Chinese."""

import pytest

from registryui.supplychain.models import TrustedKey
from tests.chinese import ACCEPT, english_in, reader
from tests.people import administrators_browser
from tests.supplychain import papers
from tests.supplychain.conftest import REPOSITORY, trust
from tests.supplychain.signing import cosign, signer
from tests.supplychain.test_attached import attach


@pytest.fixture
def subject(yard):
    subject, by = yard.image(), signer()
    cosign(yard.sample, REPOSITORY, subject, by)
    attach(yard, subject, papers.SPDX, "application/spdx+json")
    attach(yard, subject, papers.TRIVY, "application/json")
    attach(yard, subject, {"spdxVersion": "SPDX-9.9"}, "application/spdx+json")
    trust(by.public_pem)
    yard.sync()
    return subject


def look(client, address):
    html = client.get(address, headers=ACCEPT).text
    assert english_in(html, names=("root",)) == []
    return html


def test_shows_what_vouches_for_an_image(subject):
    address = f"/r/sample/{REPOSITORY}/-/manifests/{subject}/supply-chain/"

    html = look(reader(), address)
    line = look(reader(), f"{address}summary/")

    expected = ("由 release key 签名", "cosign 签名", "Trivy 报告", "漏洞报告")
    assert [words for words in expected if words not in html] == []
    assert "可读取的 SPDX 版本为 2.2 和 2.3；此文档为其他版本。" in html
    assert "含 2 个软件包的 SBOM" in line


def test_shows_who_has_a_package_or_a_vulnerability(subject):
    assert "导出" in look(reader(), "/packages/?q=openssl*")
    assert "查询软件包" in look(reader(), "/packages/")
    assert "没有报告提到它" in look(reader(), "/vulnerabilities/?q=CVE-1999-0001")


def test_keeps_english_words_of_keys_and_shows_chinese(subject):
    html = look(administrators_browser(), "/keys/")

    assert TrustedKey.objects.get().words == "ECDSA P-256 public key"
    assert "ECDSA P-256 公钥" in html


def test_refuses_private_keys_in_chinese(db):
    sent = {"name": "x", "registry": "*", "repository": "*", "pem": "-----BEGIN PRIVATE KEY-----"}

    html = administrators_browser().post("/keys/", sent, headers=ACCEPT).text

    assert "这是私钥。" in html
