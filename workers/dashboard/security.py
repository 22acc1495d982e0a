"""Who may see the pages: even on loopback, whoever holds the token of the printed address, and nobody else.

A page of another origin can make a browser send requests here; so the Host header must be ours (against DNS
rebinding), a websocket's Origin too, and the session cookie is HttpOnly and SameSite=Strict.
"""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, MutableMapping
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import parse_qsl, urlencode

from starlette.responses import HTMLResponse, RedirectResponse, Response

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

COOKIE = "kb_session"
_OPEN = frozenset({"/healthz"})
_REFUSED = """<!doctype html><title>kb</title><p>This page needs the address that <code>kb up</code> printed,
with its token.</p>"""


def policy(host: str) -> str:
    """The Content-Security-Policy. The page library compiles its templates in the browser: hence unsafe-eval."""
    return "; ".join(
        (
            "default-src 'self'",
            "script-src 'self' 'unsafe-inline' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            f"connect-src 'self' ws://{host}",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Guard:
    """ASGI middleware around the whole application, websockets and static files included."""

    def __init__(self, app: App, token: str, port: int) -> None:
        self._app, self._token = app, token
        self._session = hmac.new(token.encode(), b"kb session", hashlib.sha256).hexdigest()
        self._hosts = frozenset(f"{name}:{port}" for name in ("127.0.0.1", "localhost", "[::1]"))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer it here."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        headers = {key.decode("latin-1"): value.decode("latin-1") for key, value in scope["headers"]}
        refusal = self._refusal(scope, headers)
        if refusal is None:
            await self._app(scope, receive, _with_headers(send, policy(headers.get("host", ""))))
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            await refusal(scope, receive, _with_headers(send, policy("")))

    def _refusal(self, scope: Scope, headers: dict[str, str]) -> Response | None:
        if headers.get("host") not in self._hosts:
            return HTMLResponse(_REFUSED, status_code=421)
        origin = headers.get("origin")
        if origin is not None and origin.partition("://")[2] not in self._hosts:
            return HTMLResponse(_REFUSED, status_code=403)
        if scope["path"] in _OPEN or self._knows(headers.get("cookie", "")):
            return None
        query = parse_qsl(scope.get("query_string", b"").decode("latin-1"))
        given = dict(query).get("token", "")
        if scope["type"] == "http" and hmac.compare_digest(given.encode(), self._token.encode()):
            return self._welcome(scope["path"], [(key, value) for key, value in query if key != "token"])
        return HTMLResponse(_REFUSED, status_code=401)

    def _knows(self, cookies: str) -> bool:
        given = SimpleCookie(cookies).get(COOKIE)
        return given is not None and hmac.compare_digest(given.value, self._session)

    def _welcome(self, path: str, query: list[tuple[str, str]]) -> Response:
        """Trade the token for a cookie, and take it out of the address bar. Only paths of ours are gone to."""
        path = "/" + path.lstrip("/\\")
        response = RedirectResponse(path + (f"?{urlencode(query)}" if query else ""), status_code=303)
        response.set_cookie(COOKIE, self._session, httponly=True, samesite="strict", path="/")
        return response


def _with_headers(send: Send, content_policy: str) -> Send:
    extra = [
        (b"content-security-policy", content_policy.encode()),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"no-referrer"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]

    async def sending(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*message.get("headers", ()), *extra]
        await send(message)

    return sending
