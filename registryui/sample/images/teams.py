"""Images of teams: built on library/centos, whose layers they share."""

from collections.abc import Mapping

from registryui.sample.builder import retag
from registryui.sample.images.centos import centos7
from registryui.sample.images.recipe import KIB, MIB, Recipe, classic, material
from registryui.sample.registry import SampleRegistry

ANSIBLE = "ansible/centos7-ansible"


def push_teams(registry: SampleRegistry) -> None:
    _push_ansible(registry)
    _push_tenxcloud(registry)
    _push_xymtest(registry)


def _push_ansible(registry: SampleRegistry) -> None:
    releases = [
        ("1.7", "2021-10-02T07:11:40Z", 9.4),
        ("1.8", "2022-02-18T12:30:05Z", 10.1),
        ("stable", "2024-03-11T16:45:52Z", 11.8),
        ("devel", "2026-11-02T04:00:31Z", 13.2),
    ]
    for tag, created, size in releases:
        digest = _ansible(tag, created, size).push(registry, ANSIBLE, tag, docker=True)
        if tag == "stable":
            retag(registry, ANSIBLE, "latest", digest)


def _ansible(version: str, created: str, size: float) -> Recipe:
    packages = material("ansible-packages", int(7.3 * MIB))
    program = material(f"ansible-{version}", int(size * MIB), {"opt/ansible/VERSION": b"1\n"})
    hosts = material(f"ansible-{version}-hosts", 2 * KIB, {"etc/ansible/hosts": b"localhost\n"})
    labels = {
        **centos7_labels(),
        "maintainer": "automation-team",
        "org.opencontainers.image.title": "Ansible on CentOS 7",
        "org.opencontainers.image.description": "Ansible with its dependencies, to test roles in",
        "org.opencontainers.image.source": "https://git.example/automation/centos7-ansible",
        "org.opencontainers.image.version": version,
        "org.opencontainers.image.licenses": "GPL-3.0-or-later",
        "org.opencontainers.image.base.name": "registry.example/library/centos:7",
    }
    return centos7().then(
        created,
        classic("LABEL maintainer=automation-team"),
        classic("RUN yum clean all && yum -y install epel-release PyYAML python-jinja2", packages),
        classic("RUN mkdir /etc/ansible/"),
        classic("RUN echo -e '[local]\\nlocalhost' > /etc/ansible/hosts", hosts),
        classic("RUN git clone https://git.example/ansible/ansible.git /opt/ansible", program),
        classic("WORKDIR /opt/ansible"),
        classic("ENV PATH=/opt/ansible/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin"),
        classic("ENV ANSIBLE_LIBRARY=/opt/ansible/library"),
        runtime={
            "WorkingDir": "/opt/ansible",
            "Env": [
                "PATH=/opt/ansible/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin",
                "ANSIBLE_LIBRARY=/opt/ansible/library",
                "PYTHONPATH=/opt/ansible/lib",
            ],
            "Labels": labels,
        },
    )


def centos7_labels() -> Mapping[str, str]:
    labels = centos7().runtime["Labels"]
    return labels if isinstance(labels, dict) else {}


def _push_tenxcloud(registry: SampleRegistry) -> None:
    for tag, created, size in [
        ("7", "2022-06-14T08:22:19Z", 6.4),
        ("latest", "2023-01-09T10:05:44Z", 6.9),
    ]:
        server = material(f"tenxcloud-sshd-{tag}", int(size * MIB))
        script = material(f"tenxcloud-run-{tag}", 700, {"run.sh": b"#!/bin/bash\nexec sshd -D\n"})
        recipe = centos7().then(
            created,
            classic("RUN yum -y install openssh-server pwgen && yum clean all", server),
            classic("ADD file:run.sh in /run.sh ", script),
            classic("ENV AUTHORIZED_KEYS=**None**"),
            classic("EXPOSE 22"),
            classic('CMD ["/run.sh"]'),
            runtime={
                "Cmd": ["/run.sh"],
                "ExposedPorts": {"22/tcp": {}},
                "Env": ["PATH=/usr/sbin:/usr/bin:/sbin:/bin", "AUTHORIZED_KEYS=**None**"],
                "Labels": {**centos7_labels(), "maintainer": "cloud-images"},
            },
        )
        recipe.push(registry, "tenxcloud/centos", tag, docker=True)


def _push_xymtest(registry: SampleRegistry) -> None:
    for tag, created in [("v1", "2024-12-03T13:37:00Z"), ("v2", "2025-01-21T09:00:10Z")]:
        script = material(f"xymtest-{tag}", 12 * KIB, {"test.sh": b"#!/bin/bash\necho ok\n"})
        recipe = centos7().then(
            created,
            classic("COPY file:test.sh in /test.sh ", script),
            classic('ENTRYPOINT ["/test.sh"]'),
            runtime={"Entrypoint": ["/test.sh"], "Cmd": None, "User": "1000:1000"},
        )
        digest = recipe.push(registry, "xymtest", tag, docker=True)
        retag(registry, "xymtest", "latest", digest)
