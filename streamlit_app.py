"""The front door: the app, its security headers, a health route, and a worker when none is alive."""

import asyncio
import base64
import hashlib
import importlib
import logging
import re
from collections.abc import AsyncIterator, MutableMapping
from contextlib import asynccontextmanager, closing
from pathlib import Path
from typing import Any

import anyio.to_thread
import streamlit as st
from starlette.datastructures import MutableHeaders
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from evalcore.errors import RoundsError

HERE = Path(__file__).resolve().parent


def inline_scripts(html: str) -> str:
    """CSP sources that admit exactly the scripts written into a page, whatever the Streamlit version."""
    bodies = re.findall(r"<script>(.*?)</script>", html, flags=re.DOTALL)
    digests = (hashlib.sha256(body.encode()).digest() for body in bodies)
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)


def content_policy() -> str:
    """Nothing from outside. Styles stay inline because Streamlit writes them so; Vega needs no eval."""
    index = (Path(st.__file__).parent / "static" / "index.html").read_text(encoding="utf-8")
    return "; ".join(
        [
            "default-src 'self'",
            f"script-src 'self' {inline_scripts(index)}",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "worker-src 'self' blob:",
            "object-src 'none'",
            "base-uri 'self'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


HEADERS = {
    "Content-Security-Policy": content_policy(),
    "X-Frame-Options": "DENY",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Opener-Policy": "same-origin",
}


class SecurityHeaders:
    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def send_with_headers(message: MutableMapping[str, Any]) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(HEADERS)
            await send(message)

        await self.app(scope, receive, send_with_headers)


def prepare() -> None:
    """While the browser fetches the app: what every page imports, then the worker, which takes a core to
    start.
    """
    for module in ("pages.ui.charts", "evalcore.report", "evalcore.runs", "evalcore.registry"):
        importlib.import_module(module)
    start_worker()


def start_worker() -> None:
    """A store that cannot be opened is shown by the pages; it must not keep the app from starting."""
    from evalcore.store import Store
    from evalcore.worker.process import ensure_running

    try:
        with closing(Store()) as store:
            ensure_running(store)
    except RoundsError as error:
        logging.getLogger("rounds").error("no worker was started: %s", error)


def tell_failure(starting: asyncio.Task[None]) -> None:
    if not starting.cancelled() and (error := starting.exception()):
        logging.getLogger("rounds").critical("no worker was started", exc_info=error)


@asynccontextmanager
async def lifespan(_: st.App) -> AsyncIterator[None]:
    """The worker starts beside the server: the first page does not wait for it."""
    starting = asyncio.create_task(anyio.to_thread.run_sync(prepare))
    starting.add_done_callback(tell_failure)
    yield
    await asyncio.wait([starting])


async def health(_: Request) -> JSONResponse:
    """Says that the web process answers; store and workers are on Settings and in `doctor`."""
    return JSONResponse({"status": "ok"})


app = st.App(
    HERE / "pages" / "ui" / "main.py",
    lifespan=lifespan,
    routes=[Route("/health", health)],
    middleware=[Middleware(SecurityHeaders)],
)
