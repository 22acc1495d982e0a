FROM python:3.12-slim-bookworm

RUN useradd --create-home --uid 10001 kb && install -d -o kb -g kb /var/lib/kb /inbox
WORKDIR /opt/kb

COPY requirements.lock pyproject.toml README.md LICENSE NOTICE ./
RUN pip install --no-cache-dir --require-hashes -r requirements.lock

COPY kb kb
COPY workers workers
RUN pip install --no-cache-dir --no-deps --no-build-isolation .

USER kb
ENV PYTHONUNBUFFERED=1 KB_HOME=/var/lib/kb KB_INBOX=/inbox
VOLUME ["/var/lib/kb", "/inbox"]
CMD ["kb", "--help"]
