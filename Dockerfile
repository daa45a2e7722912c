# newscrawl in a container: docs/containers.md says how it is used, and what of it was tried.
FROM python:3.13-slim-bookworm AS built
WORKDIR /src
COPY requirements-build.lock requirements-server.lock ./
RUN python -m venv /opt/newscrawl \
 && /opt/newscrawl/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock -r requirements-server.lock
COPY pyproject.toml README.md LICENSE ./
COPY newscrawl ./newscrawl
# Nothing is fetched for the build: what builds the wheel was installed with its hashes.
RUN /opt/newscrawl/bin/pip install --no-cache-dir --no-build-isolation --no-deps . \
 && /opt/newscrawl/bin/pip uninstall --yes setuptools uv

FROM python:3.13-slim-bookworm
COPY --from=built /opt/newscrawl /opt/newscrawl
ENV PATH=/opt/newscrawl/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --create-home --uid 10001 newscrawl && install --directory --owner=newscrawl --mode=0750 /data
USER newscrawl
WORKDIR /data
VOLUME /data
# SIGTERM ends a crawl in order: what is under way is finished, files are sealed.
STOPSIGNAL SIGTERM
ENTRYPOINT ["newscrawl"]
CMD ["-h"]
