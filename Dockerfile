# Registry UI in one image: docker build --tag registryui .
# BASE is any Debian-like image with Python 3.11 or newer and its venv module.
ARG BASE=python:3.13-slim

FROM ${BASE} AS build
WORKDIR /opt/registryui
RUN python3 -m venv venv
ENV PATH=/opt/registryui/venv/bin:$PATH \
    PIP_DISABLE_PIP_VERSION_CHECK=1 \
    PIP_NO_CACHE_DIR=1
COPY requirements.txt ./
# The two secrets are for networks with a package mirror of their own; without them pip uses its default.
RUN --mount=type=secret,id=pip.conf,target=/etc/pip.conf \
    --mount=type=secret,id=pip.crt,target=/etc/pip.crt \
    pip install --quiet --require-hashes --requirement requirements.txt \
    && pip uninstall --quiet --yes pip setuptools
COPY manage.py gunicorn.conf.py CHANGELOG.md ./
COPY registryui registryui
COPY templates templates
COPY static static
COPY locale locale
RUN REGISTRYUI_DATA_DIR=/tmp/data python manage.py collectstatic --no-input --verbosity 0 \
    && python -m compileall -q registryui

FROM ${BASE}
RUN useradd --uid 10001 --user-group --no-create-home --home-dir /data --shell /usr/sbin/nologin registryui \
    && install --directory --owner registryui --group registryui --mode 0700 /data
COPY --from=build /opt/registryui /opt/registryui
WORKDIR /opt/registryui
ENV PATH=/opt/registryui/venv/bin:$PATH \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    REGISTRYUI_DATA_DIR=/data
USER registryui
VOLUME /data
EXPOSE 8000
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s \
    CMD ["python", "-m", "registryui.web.probe"]
CMD ["python", "manage.py", "start", "--host", "0.0.0.0", "--port", "8000"]
