"""An OpenAI-compatible server that misbehaves to order, on bytes of its own making.

In a thread for tests; `python tests/misbehaving_server.py PORT LATENCY_S` runs a well-behaved one by hand.
"""

import asyncio
import json
import sys
import threading
from collections import deque
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

Reply = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass
class Received:
    """One request as it came in; `at` is the server loop's time."""

    path: str
    headers: dict[str, str]
    body: Any
    at: float


def raw(payload: bytes, status: str = "200 OK", **headers: str) -> Reply:
    """A reply of exactly these bytes; header names with _ for -."""

    async def write(writer: asyncio.StreamWriter) -> None:
        lines = [f"HTTP/1.1 {status}", f"content-length: {len(payload)}"]
        merged = {"content_type": "application/json"} | headers
        lines += [f"{name.replace('_', '-')}: {value}" for name, value in merged.items()]
        writer.write("\r\n".join(lines).encode() + b"\r\n\r\n" + payload)
        await writer.drain()

    return write


def as_json(value: Any, status: str = "200 OK", **headers: str) -> Reply:
    return raw(json.dumps(value).encode(), status, **headers)


def error(status: str, code: str = "", message: str = "no", **headers: str) -> Reply:
    fields = {"message": message, "code": code or None, "type": "some_error", "param": None}
    return as_json({"error": fields}, status, **headers)


def answer(text: Any = "Answer: A", finish: Any = "stop", **extra: Any) -> Reply:
    return as_json(completion(text, finish, **extra))


def completion(text: Any = "Answer: A", finish: Any = "stop", **extra: Any) -> dict[str, Any]:
    """extra: fields of the message (reasoning_content, ...)."""
    choice = {"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text} | extra}
    usage = {"prompt_tokens": 10, "completion_tokens": 4, "total_tokens": 14}
    return {"id": "x", "object": "chat.completion", "model": "m", "choices": [choice], "usage": usage}


def slow(seconds: float, then: Reply) -> Reply:
    async def write(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(seconds)
        await then(writer)

    return write


async def reset(writer: asyncio.StreamWriter) -> None:
    """Hangs up without a word."""
    writer.transport.abort()


async def half(writer: asyncio.StreamWriter) -> None:
    """Promises 1,000 bytes and sends 20."""
    writer.write(
        b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\ncontent-type: application/json\r\n\r\n" + b"{" * 20
    )
    await writer.drain()
    writer.close()


async def endless(writer: asyncio.StreamWriter) -> None:
    """Sends 64 MiB as one JSON string, as far as anybody listens."""
    writer.write(b'HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nconnection: close\r\n\r\n{"x": "')
    for _ in range(64):
        writer.write(b"a" * 2**20)
        await writer.drain()
    writer.close()


@dataclass
class Server:
    """replies: given in order, then `otherwise` for ever; received: every request with a complete body."""

    replies: deque[Reply] = field(default_factory=deque)
    otherwise: Reply = field(default_factory=answer)
    received: list[Received] = field(default_factory=list)
    port: int = 0
    most_at_once: int = 0
    _now: int = 0

    @property
    def base_url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def will(self, *replies: Reply) -> None:
        self.replies.extend(replies)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while received := await _request(reader):
                self.received.append(received)
                await self._answer(writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    async def _answer(self, writer: asyncio.StreamWriter) -> None:
        self._now += 1
        self.most_at_once = max(self.most_at_once, self._now)
        try:
            await (self.replies.popleft() if self.replies else self.otherwise)(writer)
        finally:
            self._now -= 1


async def _request(reader: asyncio.StreamReader) -> Received | None:
    head = await reader.readuntil(b"\r\n\r\n")
    first, *lines = head.decode("latin-1").strip().split("\r\n")
    headers = {name.lower(): value.strip() for name, value in (line.split(":", 1) for line in lines)}
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    path = first.split(" ")[1]
    return Received(path, headers, json.loads(body) if body else None, asyncio.get_running_loop().time())


@contextmanager
def running(server: Server | None = None) -> Iterator[Server]:
    """A server in a thread of its own, on a free port."""
    server, loop, ready = server or Server(), asyncio.new_event_loop(), threading.Event()
    thread = threading.Thread(target=loop.run_until_complete, args=(_main(server, ready),))
    thread.start()
    ready.wait()
    try:
        yield server
    finally:
        loop.call_soon_threadsafe(_stop, loop)
        thread.join()
        loop.close()


async def _main(server: Server, ready: threading.Event) -> None:
    listener = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    server.port = listener.sockets[0].getsockname()[1]
    ready.set()
    try:
        await asyncio.get_running_loop().create_future()
    except asyncio.CancelledError:
        listener.close()
        await _end_connections()


async def _end_connections() -> None:
    others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await asyncio.sleep(0)


def _stop(loop: asyncio.AbstractEventLoop) -> None:
    """Cancels the oldest task, `_main`; it ends the others."""
    next(task for task in asyncio.all_tasks(loop) if task.get_coro().__name__ == "_main").cancel()


async def _by_hand(port: int, latency_s: float) -> None:
    server = Server(otherwise=slow(latency_s, answer()))
    listener = await asyncio.start_server(server.serve, "127.0.0.1", port, backlog=1024)
    async with listener:
        await listener.serve_forever()


if __name__ == "__main__":
    asyncio.run(_by_hand(int(sys.argv[1]), float(sys.argv[2])))
