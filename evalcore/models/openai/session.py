"""An event loop in steps: it runs only while somebody waits for an answer, so it needs no thread."""

import asyncio
from collections.abc import Coroutine, Iterable
from typing import Any, TypeVar

from evalcore.models.openai.pace import Pace
from evalcore.models.openai.servers import Servers
from evalcore.types import Endpoint, Response

_SHORT_PAUSE_S = 0.05
_Result = TypeVar("_Result")


class Session:
    """An event loop that runs only while somebody waits, and what is bound to it."""

    def __init__(self, endpoint: Endpoint) -> None:
        self._loop = asyncio.new_event_loop()
        self._deadlines: set[asyncio.Timeout] = set()
        self._paused_at = self._loop.time()
        self.pace = Pace(endpoint)
        self.servers = Servers(endpoint)

    def start(self, work: Coroutine[Any, Any, Response]) -> asyncio.Task[Response]:
        return self._loop.create_task(work)

    def run(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        try:
            return self._loop.run_until_complete(self._resumed(work))
        finally:
            self._paused_at = self._loop.time()

    def first_done(self, tasks: Iterable[asyncio.Task[Response]]) -> set[asyncio.Task[Response]]:
        done, _ = self.run(asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED))
        return done

    def send_off(self) -> None:
        """Lets new requests reach the wire before the caller takes its time with what came back."""
        self.run(_some_turns())

    def deadline(self, timeout_s: float) -> "_Deadline":
        return _Deadline(timeout_s, self._deadlines)

    async def _resumed(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """While nobody waits the loop stands still; an answer that arrived then must not count as late."""
        paused_s = self._loop.time() - self._paused_at
        for deadline in self._deadlines if paused_s > _SHORT_PAUSE_S else ():
            when = deadline.when()
            if when is not None and not deadline.expired():
                deadline.reschedule(when + paused_s)
        return await work

    def cancel(self, tasks: list[asyncio.Task[Response]]) -> None:
        for task in tasks:
            task.cancel()
        if tasks:
            self.run(asyncio.wait(tasks))

    def close(self) -> None:
        self.run(self.servers.close())
        self.run(self._loop.shutdown_asyncgens())
        self.run(self._loop.shutdown_default_executor())
        self._loop.close()


class _Deadline:
    """asyncio.timeout, known to its session while it runs."""

    def __init__(self, timeout_s: float, active: set[asyncio.Timeout]) -> None:
        self._timeout, self._active = asyncio.timeout(timeout_s), active

    async def __aenter__(self) -> None:
        await self._timeout.__aenter__()
        self._active.add(self._timeout)

    async def __aexit__(self, *error: Any) -> None:
        self._active.discard(self._timeout)
        await self._timeout.__aexit__(*error)


async def _some_turns() -> None:
    for _ in range(2):  # in the first a request is built, in the second written to an open connection
        await asyncio.sleep(0)
