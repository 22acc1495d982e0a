"""``python -m workers.dashboard``: the pages as a process, on loopback."""

import logging

import uvicorn
from fastapi import FastAPI
from fastapi.responses import JSONResponse
from nicegui import ui

from kb.errors import UsageFault
from kb.logs import to_file
from kb.settings import Settings
from workers.dashboard.pages import register
from workers.dashboard.poll import Poller
from workers.dashboard.security import Guard


def main() -> None:
    """Serve until SIGTERM. Raises UsageFault without the token that `kb up` makes."""
    settings = Settings.load()
    to_file(settings.folder.log, "dashboard", logging.WARNING)
    token = settings.folder.run / "token"
    if not token.exists():
        raise UsageFault(f"there is no {token}: `kb up` makes it and starts this page")
    poller = Poller(settings)
    poller.start()
    application = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    _health(application, poller)
    register(poller, str(settings.folder.inbox))
    ui.run_with(application, title="kb", dark=None, tailwind=False, show_welcome_message=False)
    guarded = Guard(application, token.read_text("utf-8").strip(), settings.dashboard_port)
    try:
        uvicorn.run(
            guarded,
            host="127.0.0.1",
            port=settings.dashboard_port,
            log_level="warning",
            access_log=False,
            timeout_graceful_shutdown=2,
        )
    finally:
        poller.stop()


def _health(application: FastAPI, poller: Poller) -> None:
    @application.get("/healthz")
    def alive() -> JSONResponse:
        return JSONResponse({"alive": True})

    @application.get("/readyz")
    def ready() -> JSONResponse:
        seen = poller.seen
        well = seen.trouble is None and seen.queue is not None
        body = {"graph": seen.trouble is None, "queue": seen.queue is not None, "workers": len(seen.workers)}
        return JSONResponse(body, status_code=200 if well else 503)


if __name__ == "__main__":
    main()
