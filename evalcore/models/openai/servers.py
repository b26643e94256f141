"""The servers behind one endpoint: clients that follow no redirect, use no proxy and try nothing twice."""

import asyncio
import json
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import httpx2
import openai
from openai import DefaultAioHttpClient

from evalcore.models.endpoints import key_of
from evalcore.models.openai.failures import ReplyTooLargeError, is_refused
from evalcore.types import Endpoint

_CONNECT_S = 10.0
_REST_S = 30.0
_KEEP_ALIVE_S = 3.0  # below the 5 s of uvicorn and node: else requests meet connections that just closed
_LARGEST_REPLY = 16 * 2**20
_HEADERS = {
    "Accept": "application/json",
    "Accept-Encoding": "identity",
    "Content-Type": "application/json",
    "User-Agent": "rounds",
}
_LIMITS = httpx2.Timeout(None, connect=_CONNECT_S)


@dataclass
class Server:
    """One base URL. rests_until: loop time before which it is passed over, since it refused connections."""

    base_url: str
    wire: "_Wire"
    rests_until: float = 0.0


class Servers:
    """Takes the base URLs in turn and passes over those that refused connections in the last 30 s."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._servers = [Server(url.rstrip("/"), _Wire(endpoint.in_flight)) for url in endpoint.base_urls]
        self._next = 0

    async def post(self, path: str, body: Mapping[str, Any]) -> httpx2.Response:
        """One reply. A server that refuses the connection received nothing: then the next one is asked."""
        content = json.dumps(body, ensure_ascii=False, allow_nan=False).encode()
        for server in self._in_turn():
            try:
                return await self._ask(server, "POST", path, content)
            except openai.APIConnectionError as error:
                if not is_refused(error):
                    raise
                server.rests_until = asyncio.get_running_loop().time() + _REST_S
                refusal = error
        raise refusal

    async def get(self, path: str) -> list[httpx2.Response | openai.APIError]:
        """What every server answers, errors included."""
        return [await self._got(server, path) for server in self._servers]

    async def _got(self, server: Server, path: str) -> httpx2.Response | openai.APIError:
        try:
            return await self._ask(server, "GET", path)
        except openai.APIError as error:
            return error

    async def _ask(self, server: Server, method: str, path: str, content: bytes = b"") -> httpx2.Response:
        """One attempt over the transport of the openai library, and its errors.

        The library's own way to there (copies for retries, facts about this machine) took a quarter of the
        time of a call.
        """
        request = httpx2.Request(
            method,
            _parsed(server.base_url + path),
            headers=_HEADERS | authorization(self._endpoint),
            content=content,
            extensions={"timeout": _LIMITS.as_dict()},
        )
        try:
            reply = await server.wire.send(request)
        except httpx2.TimeoutException as error:
            raise openai.APITimeoutError(request=request) from error
        except (httpx2.RequestError, ssl.SSLError) as error:
            raise openai.APIConnectionError(request=request) from error
        if not reply.is_success:
            raise openai.APIStatusError(f"HTTP {reply.status_code}", response=reply, body=_said(reply))
        return reply

    def _in_turn(self) -> Iterator[Server]:
        """All servers, those at rest last."""
        start, self._next = self._next, (self._next + 1) % len(self._servers)
        turn = self._servers[start:] + self._servers[:start]
        now = asyncio.get_running_loop().time()
        return iter(sorted(turn, key=lambda server: max(server.rests_until - now, 0.0)))

    async def close(self) -> None:
        for server in self._servers:
            await server.wire.aclose()


def authorization(endpoint: Endpoint) -> dict[str, str]:
    """Read at every call, so that no client holds the key."""
    key = key_of(endpoint)
    return {"Authorization": f"Bearer {key}"} if key else {}


def _said(reply: httpx2.Response) -> object:
    try:
        return reply.json()
    except ValueError:
        return reply.text


@cache
def _authorities() -> ssl.SSLContext:
    """Read once, not for every server: it takes 60 ms."""
    return httpx2.create_ssl_context(trust_env=False)


class _Wire(DefaultAioHttpClient):
    """Sends what it is given and reads what comes: no redirect, cookie, login, proxy or header of its own.

    The time limit of a whole call is its caller's; here only connecting is limited.
    """

    def __init__(self, in_flight: int) -> None:
        super().__init__(
            verify=_authorities(),
            trust_env=False,
            timeout=_LIMITS,
            limits=httpx2.Limits(max_connections=in_flight, keepalive_expiry=_KEEP_ALIVE_S),
        )

    async def send(self, request: httpx2.Request, **_: Any) -> httpx2.Response:
        reply = await self._transport.handle_async_request(request)
        try:
            content = await _capped(reply)
        finally:
            await reply.aclose()
        return httpx2.Response(reply.status_code, headers=reply.headers, content=content, request=request)


_parsed = lru_cache(httpx2.URL)


async def _capped(reply: httpx2.Response) -> bytes:
    """A reply of gigabytes would fill the memory before anything could be said about it."""
    pieces: list[bytes] = []
    size = 0
    async for piece in reply.aiter_raw():
        pieces.append(piece)
        size += len(piece)
        if size > _LARGEST_REPLY:
            raise ReplyTooLargeError
    return b"".join(pieces)
