# The first stage makes the bundle for offices without a network, the second installs it as such an office would:
# whatever is in the image came through scripts/bundle_files/install.sh.
FROM python:3.11-slim-bookworm AS bundle
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/root/.cache/pip python3.11 scripts/bundle.py /bundle

FROM python:3.11-slim-bookworm
RUN --mount=type=bind,from=bundle,source=/bundle,target=/bundle sh /bundle/install.sh /opt/zhenggai \
    && ln -s /opt/zhenggai/zhenggai /usr/local/bin/zhenggai \
    && useradd --system --uid 10001 --home-dir /data --shell /usr/sbin/nologin zhenggai \
    && install -d -o zhenggai -g zhenggai -m 700 /data
ENV ZHENGGAI_DATA=/data PYTHONUTF8=1 PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 7860
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s \
    CMD ["/opt/zhenggai/venv/bin/python", "-c", "from urllib.request import urlopen; urlopen('http://127.0.0.1:7860/login', timeout=5)"]
ENTRYPOINT ["zhenggai"]
# Refused as long as there are no users.
CMD ["chat", "--host", "0.0.0.0"]
