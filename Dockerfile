# One image for web, worker, beat and migrations; docker-compose.yml says what each runs.
FROM node:22-slim AS front
WORKDIR /front
COPY package.json package-lock.json .npmrc ./
RUN npm ci

FROM python:3.11-slim AS build
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
RUN python -m venv /opt/venv
COPY requirements/base.txt /tmp/base.txt
RUN /opt/venv/bin/pip install --require-hashes -r /tmp/base.txt
WORKDIR /srv/portal
COPY . .
COPY --from=front /front/node_modules node_modules
# Settings want every address even where nothing connects: these values live in this layer's command only.
RUN python scripts/vendor_assets.py && rm -rf node_modules \
    && ENVIRONMENT=production SECRET_KEY=build EMAIL_URL=smtp://localhost \
       DATABASE_URL=postgresql://localhost/build REDIS_URL=redis://localhost/0 \
       /opt/venv/bin/python manage.py collectstatic --no-input

FROM python:3.11-slim
ENV PATH=/opt/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 ENVIRONMENT=production \
    VAR_DIRECTORY=/srv/portal/var FILES_DIRECTORY=/srv/portal/files HOME=/tmp XDG_CACHE_HOME=/tmp
RUN apt-get update \
    && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
       libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation fonts-dejavu-core \
    && rm -rf /var/lib/apt/lists/*
# Group 101 is nginx's in its own image: it reads the files that it sends for the portal (mode 0640).
RUN groupadd --non-unique --gid 101 files \
    && useradd --uid 10001 --gid 101 --home-dir /srv/portal --no-create-home --shell /usr/sbin/nologin portal \
    && mkdir -p /srv/portal/var /srv/portal/files \
    && chown 10001:101 /srv/portal/var /srv/portal/files
COPY --from=build /opt/venv /opt/venv
COPY --from=build /srv/portal /srv/portal
WORKDIR /srv/portal
USER 10001:101
EXPOSE 8000
CMD ["gunicorn", "portal.wsgi:application", "--config", "deploy/gunicorn.conf.py"]
