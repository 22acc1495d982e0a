"""Who published: one id for one publisher, however its pages and feeds name it."""

import re
from urllib.parse import urlsplit

from kb.ontology import without_accents
from kb.records import Metadata, Source

# Doors of one and the same site.
_DOORS = re.compile(r"^(?:www\d?|m|mobile|amp|feeds|rss)\.(?=[^.]+\.)")
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,24}", re.IGNORECASE)
_REMARK = re.compile(r"\s*\([^()]*\)")
_MACHINE = re.compile(r"\b(?:machine|automatic|AI)[- ]translat", re.IGNORECASE)


def source_of(metadata: Metadata) -> Source | None:
    """The publisher: its id is the URL's domain, else a domain given as its name, else the name's words.

    Remarks in brackets ("Reuters (repost)") are no part of an id. ``None`` when nothing names a publisher.
    """
    given = metadata.source
    domain = domain_of(metadata.url) or (domain_of(f"https://{given}") if given and _DOMAIN.fullmatch(given) else None)
    if domain:
        return Source(id=domain, name=given or domain)
    name_id = _words(_REMARK.sub("", given or "")) or _words(given or "")
    return Source(id=name_id, name=given or name_id) if name_id else None


def domain_of(url: str | None) -> str | None:
    """The domain of a web address without "www."; ``None`` for anything else."""
    try:
        host = urlsplit(safe_url(url) or "").hostname
    except ValueError:
        return None
    return _DOORS.sub("", host) if host and _DOMAIN.fullmatch(host) else None


def safe_url(url: str | None) -> str | None:
    """The address when it is one of the web, without blanks; ``None`` otherwise (javascript:, file:, words)."""
    found = re.fullmatch(r"\s*(https?://[^\s<>\"]+)\s*", url or "", re.IGNORECASE)
    return found[1] if found else None


def machine_translated(metadata: Metadata) -> bool:
    """Whether a remark in the source's or author's name says that a machine translated."""
    return any(_MACHINE.search(value) for value in (metadata.source, metadata.author) if value)


def _words(name: str) -> str:
    return "-".join(re.findall(r"[^\W_]+", without_accents(name.casefold())))[:80]
