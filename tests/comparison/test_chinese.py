"""Comparisons and packages in Chinese."""

from tests.chinese import ACCEPT, english_in
from tests.comparison.pages import A, address, files_of, full_of_packages
from tests.contents.archives import member_of, tar
from tests.contents.site import NAME, SLUG, Made


def test_speaks_chinese_of_what_differs(administrator, site):
    site.image(Made(tar(("a", b"1"), ("b", b"1"))), tag="v1", config={"Env": ["A=1"]})
    site.image(Made(tar(member_of("a", b"", mode=0o755, uid=5), ("c", b""))), tag="v2")
    files_of(administrator)

    html = administrator.get(address(), headers=ACCEPT).text

    assert english_in(html) == []
    assert all(word in html for word in ("比较", "移除 1", "内容, 权限, 所有者", "基本信息"))


def test_speaks_chinese_of_packages_and_of_the_choice(administrator, site):
    full_of_packages(site)
    digest = site.repository.tags.get(name="v1").manifest.digest
    packages = f"/r/{SLUG}/{NAME}/-/manifests/{digest}/packages/"

    for there in (packages, f"/compare/?a={A}", "/compare/?a=x&b=y", "/files/", address()):
        assert english_in(administrator.get(there, headers=ACCEPT).text, names=("gone",)) == []
    files_of(administrator)
    for there in (packages, address(), "/files/?digest=junk"):
        assert english_in(administrator.get(there, headers=ACCEPT).text, names=("gone",)) == []
