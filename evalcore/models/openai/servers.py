"""The servers behind one endpoint: clients that follow no redirect, use no proxy and try nothing twice."""

import asyncio
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

import httpx2
import openai
from openai import AsyncOpenAI, DefaultAioHttpClient

from evalcore.models.endpoints import key_of
from evalcore.models.openai.failures import ReplyTooLargeError, is_refused
from evalcore.types import Endpoint

_CONNECT_S = 10.0
_REST_S = 30.0
_KEEP_ALIVE_S = 3.0  # below the 5 s of uvicorn and node: else requests meet connections that just closed
_LARGEST_REPLY = 16 * 2**20
_SENT_HEADERS = {"host", "accept", "accept-encoding", "authorization", "content-type", "user-agent"}


@dataclass
class Server:
    """One base URL. rests_until: loop time before which it is passed over, since it refused connections."""

    base_url: str
    client: AsyncOpenAI
    rests_until: float = 0.0


class Servers:
    """Takes the base URLs in turn and passes over those that refused connections in the last 30 s."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint
        self._servers = [
            Server(url.rstrip("/"), _client(url, endpoint.in_flight)) for url in endpoint.base_urls
        ]
        self._next = 0

    async def post(self, path: str, body: Mapping[str, Any]) -> httpx2.Response:
        """One reply. A server that refuses the connection received nothing: then the next one is asked."""
        for server in self._in_turn():
            try:
                return await self._post(server, path, body)
            except openai.APIConnectionError as error:
                if not is_refused(error):
                    raise
                server.rests_until = asyncio.get_running_loop().time() + _REST_S
                refusal = error
        raise refusal

    async def _post(self, server: Server, path: str, body: Mapping[str, Any]) -> httpx2.Response:
        """With the whole URL: putting it together again for every request is a parser's work."""
        headers = authorization(self._endpoint)
        return await server.client.post(
            server.base_url + path, cast_to=httpx2.Response, body=body, options={"headers": headers}
        )

    async def get(self, path: str) -> list[httpx2.Response | openai.APIError]:
        """What every server answers, errors included."""
        return [await self._get(server, path) for server in self._servers]

    async def _get(self, server: Server, path: str) -> httpx2.Response | openai.APIError:
        headers = authorization(self._endpoint)
        try:
            return await server.client.get(path, cast_to=httpx2.Response, options={"headers": headers})
        except openai.APIError as error:
            return error

    def _in_turn(self) -> Iterator[Server]:
        """All servers, those at rest last."""
        start, self._next = self._next, (self._next + 1) % len(self._servers)
        turn = self._servers[start:] + self._servers[:start]
        now = asyncio.get_running_loop().time()
        return iter(sorted(turn, key=lambda server: max(server.rests_until - now, 0.0)))

    async def close(self) -> None:
        for server in self._servers:
            await server.client.close()


def authorization(endpoint: Endpoint) -> dict[str, str | openai.Omit]:
    """Read at every call, so that no client holds the key."""
    key = key_of(endpoint)
    return {"Authorization": f"Bearer {key}" if key else openai.Omit(), "Accept-Encoding": "identity"}


def _client(base_url: str, in_flight: int) -> AsyncOpenAI:
    """The time limit of a whole call is its caller's; here only connecting is limited."""
    return AsyncOpenAI(
        api_key="not-here",
        base_url=base_url,
        max_retries=0,
        timeout=httpx2.Timeout(None, connect=_CONNECT_S),
        http_client=_Wire(
            verify=_authorities(),
            trust_env=False,
            limits=httpx2.Limits(max_connections=in_flight, keepalive_expiry=_KEEP_ALIVE_S),
        ),
    )


@cache
def _authorities() -> ssl.SSLContext:
    """Read once, not for every server: it takes 60 ms."""
    return httpx2.create_ssl_context(trust_env=False)


class _Wire(DefaultAioHttpClient):
    """Sends what it is given and reads what comes: no redirect, cookie, login or header of its own.

    What else httpx does for every request took a quarter of the time of a call.
    """

    def build_request(self, method: str, url: httpx2.URL | str, **given: Any) -> httpx2.Request:
        """The library adds facts about this machine, and whatever headers it finds in the environment."""
        headers = [(name, value) for name, value in given["headers"] if name.lower() in _SENT_HEADERS]
        limits = {"timeout": given["timeout"].as_dict()}
        return httpx2.Request(
            method, _parsed(url), headers=headers, content=given.get("content"), extensions=limits
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
