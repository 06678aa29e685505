FROM python:3.12-slim AS build
WORKDIR /app
RUN pip install --no-cache-dir --disable-pip-version-check uv==0.13.9
ENV UV_COMPILE_BYTECODE=1 UV_LINK_MODE=copy UV_PYTHON_DOWNLOADS=never
COPY pyproject.toml uv.lock ./
RUN uv sync --frozen --no-default-groups --extra distributed --no-install-project
COPY README.md LICENSE app.yaml ./
COPY bot bot
COPY migrations migrations
RUN uv sync --frozen --no-default-groups --extra distributed --no-editable

FROM python:3.12-slim
RUN groupadd --gid 1000 ember \
    && useradd --uid 1000 --gid ember --home-dir /data --no-create-home --shell /usr/sbin/nologin ember \
    && install --directory --owner ember --group ember --mode 0700 /data
COPY --from=build /app/.venv /app/.venv
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    EMBER_DATABASE_URL=sqlite:////data/ember.db \
    EMBER_HOST=0.0.0.0 \
    EMBER_PORT=3000
USER ember
WORKDIR /data
VOLUME /data
EXPOSE 3000
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request; urllib.request.urlopen(f'http://127.0.0.1:{os.environ[\"EMBER_PORT\"]}/healthz', timeout=4)"]
CMD ["sh", "-c", "ember migrate && exec ember serve"]
