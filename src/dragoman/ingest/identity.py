"""What makes two addresses one article: the canonical address, and ids made from it."""

from __future__ import annotations

import base64
import hashlib
import re
from urllib.parse import quote, urlsplit

from dragoman.sanitize import clean_url

_DEFAULT_PORTS = {"http": 80, "https": 443}
# Parameters that say how a reader came, never what is shown. Names that some publishers use
# for the article itself (cid, eid, uid, source, ref, gallery ...) are not among them: a
# parameter dropped wrongly makes two articles one, and the second is lost.
_TRACKERS = re.compile(
    r"(?:utm|mtm|pk|piwik|matomo|itm|oly|vero|hsa|stm|ns|at)_\w+"
    r"|_?_hs\w+|__tn__|__twitter_impression|_ga|_gl|cm_mmc\w*|wt[._](?:mc\w*|z\w*)"
    r"|(?:fb|g|d|tw|y|ys|tt)clid|gclsrc|msclkid|gbraid|wbraid|li_fat_id|s_cid|igsh(?:id)?"
    r"|mc_[ce]id|mkt_tok|ref_(?:src|url)|xtor|cmpid|cmp|ocid|ncid|smid|smtyp|sr_share"
    r"|traffic_source|ftag|guccounter|guce_referrer\w*|spm|share_?token|jsessionid|phpsessid",
    re.IGNORECASE | re.ASCII,
)
# These name a channel on some sites and an article on others: the value decides.
_WAYS = frozenset({"ref", "referrer", "referer", "source", "src", "from", "via", "origin", "rss"})
_CHANNELS = re.compile(
    r"(?:rss|feed|atom|twitter|facebook|fb|newsletter|email|whatsapp|telegram|share|social"
    r"|reddit|linkedin|instagram|flipboard|applenews|googlenews)\w*",
    re.IGNORECASE | re.ASCII,
)
_HOST = re.compile(r"[a-z0-9._:-]+")
_ESCAPE = re.compile(r"%[0-9a-fA-F]{2}")
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sid)=[^/;?]*", re.IGNORECASE | re.ASCII)


def canonical_url(url: str) -> str:
    """Give the address that an article is known by, or an empty string.

    Tracking parameters, fragment, session id, default port and credentials go; case of scheme
    and host and of escapes is made one. The other parameters keep order and spelling, because
    some sites depend on both. Giving the result again gives it unchanged.
    """
    cleaned = clean_url(url)
    if not cleaned:
        return ""
    parts = urlsplit(cleaned)
    host = _spell_host(parts.hostname or "")
    if not host:
        return ""
    shown = f"[{host}]" if ":" in host else host
    port = "" if parts.port in (None, _DEFAULT_PORTS[parts.scheme]) else f":{parts.port}"
    path = _escape(_SESSION.sub("", parts.path)) or "/"
    kept = (pair for pair in parts.query.split("&") if pair and not _is_tracking(pair))
    query = _escape("&".join(kept))
    return f"{parts.scheme}://{shown}{port}{path}{'?' + query if query else ''}"


def article_id(source: str, url: str) -> str:
    """Make an article's id from its source and canonical address: 12 of ``a-z`` and ``2-7``."""
    text = f"{source}\n{canonical_url(url) or url}"
    digest = hashlib.sha256(text.encode("utf-8", "replace")).digest()
    return base64.b32encode(digest)[:12].decode("ascii").lower()  # 60 bits


def _spell_host(host: str) -> str:
    """Give a host in the ASCII spelling of RFC 3490, or an empty string where it is none."""
    try:
        spelt = host.rstrip(".").encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return spelt if _HOST.fullmatch(spelt) else ""


def _is_tracking(pair: str) -> bool:
    name, _, value = pair.partition("=")
    if _TRACKERS.fullmatch(name):
        return True
    return name.lower() in _WAYS and bool(_CHANNELS.fullmatch(value))


def _escape(text: str) -> str:
    escaped = quote(text, safe="/%!$&'()*+,;=:@?~-._", errors="replace")
    return _ESCAPE.sub(lambda match: match[0].upper(), escaped)
