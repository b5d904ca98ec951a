# One image, three services: `energimonitor collect`, `energimonitor jobs`, `energimonitor web` (docker-compose.yml).
#
# The base is pinned by version. Where it was written no image registry could be asked, so there is no digest; before a production build
# put the one that `docker buildx imagetools inspect python:3.12.13-slim-bookworm` prints behind the tag, as @sha256:…
FROM python:3.12.13-slim-bookworm AS build

ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1 PIP_ROOT_USER_ACTION=ignore
WORKDIR /build

# Dependencies first: they change seldom. Every file is checked against a hash of the one lock file; developers' tools stay out.
COPY pyproject.toml requirements.lock ./
COPY .ci/runtime_requirements.py .ci/
RUN python .ci/runtime_requirements.py < requirements.lock > runtime.txt \
 && python .ci/runtime_requirements.py setuptools < requirements.lock > build.txt \
 && python -m venv /opt/energimonitor \
 && /opt/energimonitor/bin/pip install --require-hashes --only-binary :all: -r runtime.txt \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --require-hashes --only-binary :all: -r build.txt

COPY README.md LICENSE ./
COPY config config
COPY collectors collectors
COPY dashboards dashboards
COPY services services
# No build isolation: the build tool is the locked one, not whatever is newest today. pip itself is not needed to run.
RUN /opt/build/bin/pip wheel --no-build-isolation --no-deps --wheel-dir /build/wheels . \
 && /opt/energimonitor/bin/pip install --no-index --no-deps /build/wheels/*.whl \
 && /opt/energimonitor/bin/python -m compileall -q -j 0 /opt/energimonitor/lib \
 && /opt/energimonitor/bin/pip uninstall --yes pip


FROM python:3.12.13-slim-bookworm

LABEL org.opencontainers.image.title="energimonitor" \
      org.opencontainers.image.description="Energi- och klimatuppföljning för svenska kommuner" \
      org.opencontainers.image.licenses="MIT"

# A fixed number, so that the owner of a volume's files is known outside too. A new volume takes the owner of the folder that it is put on.
RUN groupadd --system --gid 10001 energimonitor \
 && useradd --system --uid 10001 --gid 10001 --home-dir /var/lib/energimonitor --shell /usr/sbin/nologin energimonitor \
 && install --directory --owner 10001 --group 10001 --mode 0750 /var/lib/energimonitor \
 && install --directory --owner 10001 --group 10001 --mode 0755 /srv/grafana

COPY --from=build /opt/energimonitor /opt/energimonitor

# Nothing is written outside the volume: the root is read-only in docker-compose.yml, and no bytecode is tried.
ENV PATH=/opt/energimonitor/bin:$PATH PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1

USER 10001:10001
WORKDIR /var/lib/energimonitor
VOLUME ["/var/lib/energimonitor"]
EXPOSE 8080

# docker-compose.yml has one for each service; this is for the image run alone, where its command is the board.
HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 CMD ["energimonitor", "health", "--service", "web"]

ENTRYPOINT ["energimonitor"]
CMD ["web"]
