"""When the next request may go out: requests and tokens per minute, and quiet when the server asks for it."""

import asyncio

from aiolimiter import AsyncLimiter

from evalcore.types import Endpoint, Request

_SHARE = 0.9  # of the stated rate: at the full rate every small delay of the network becomes a 429
_LONGEST_QUIET_S = 60.0


class Pace:
    """Bursts of one at 90 % of the rate: a full bucket would send twice the limit in the first minute.

    Bound to one event loop. Workers do not know of each other: with k of them give each 1/k of the limit.
    """

    def __init__(self, endpoint: Endpoint) -> None:
        self._requests = AsyncLimiter(1, 60 / (endpoint.rpm * _SHARE)) if endpoint.rpm else None
        self._seconds = AsyncLimiter(1, 1) if endpoint.tpm else None
        self._seconds_per_token = 60 / (endpoint.tpm * _SHARE) if endpoint.tpm else 0.0
        self._token_queue = asyncio.Lock()
        self._quiet_until = 0.0

    async def turn(self, request: Request) -> None:
        """Returns when this request may be sent."""
        if self._seconds:
            await self._pay(self._seconds, tokens(request) * self._seconds_per_token)
        if self._requests:
            await self._requests.acquire()
        loop = asyncio.get_running_loop()
        while (wait_s := self._quiet_until - loop.time()) > 0:
            await asyncio.sleep(wait_s)

    async def _pay(self, seconds: AsyncLimiter, price_s: float) -> None:
        """A request costs the seconds its tokens take at the allowed rate; paid in turn, second by second."""
        async with self._token_queue:
            while price_s > 0:
                await seconds.acquire(min(price_s, 1.0))
                price_s -= 1.0

    def hold(self, wait_s: float) -> None:
        """Nothing is sent for so long (at most a minute): the server said that it would refuse it."""
        moment = asyncio.get_running_loop().time() + min(wait_s, _LONGEST_QUIET_S)
        self._quiet_until = max(self._quiet_until, moment)


def tokens(request: Request) -> int:
    """An upper estimate: 3 bytes a token (English about 4, a Chinese character 3), and the reply's limit."""
    return len(request.prompt.text.encode("utf-8", "surrogatepass")) // 3 + request.sampling.max_tokens
