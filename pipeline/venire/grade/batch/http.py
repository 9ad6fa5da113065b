"""HTTP for batch interfaces: what was surely turned away is told from what may have been received."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from http import HTTPStatus
from typing import IO, TYPE_CHECKING, Any, Final

from venire.text import one_line

if TYPE_CHECKING:
    import aiohttp

_CONNECT_S: Final = 30
# Between two pieces of a reply; a provider takes its time over an upload of 200 MB.
_SILENCE_S: Final = 300
_TRIES: Final = 6
_FIRST_WAIT_S: Final = 1.0
_LONGEST_WAIT_S: Final = 120.0
_MESSAGE_WIDTH: Final = 500


class TurnedAwayError(Exception):
    """The provider said no; what was asked for was not done.

    Attributes:
        status: of HTTP.
        retry_after_s: how long it asks to wait; None where it does not say.
    """

    def __init__(self, status: int, message: str, retry_after: str | None = None) -> None:
        super().__init__(message)
        self.status = status
        is_number = retry_after is not None and retry_after.replace(".", "", 1).isdigit()
        self.retry_after_s = float(retry_after or 0) if is_number else None


class UnclearError(Exception):
    """No sound reply came; whether what was asked for was done is not known."""


class BatchHttp:
    """Requests to the batch interface of one judge's provider.

    Args:
        session: of aiohttp.
        base: the address that paths are added to.
        headers: with the key.
        scrub: takes keys out of what is said in errors.
    """

    def __init__(
        self, session: "aiohttp.ClientSession", base: str, headers: dict[str, str], scrub: Callable[[str], str]
    ) -> None:
        self._session = session
        self._base = base
        self._headers = headers
        self._scrub = scrub

    async def get(self, path: str, **parameters: str) -> Any:
        """The JSON at a path, tried again where that may help.

        Raises:
            TurnedAwayError: the provider said no.
            UnclearError: no sound reply came after several tries.
        """
        return await self._patiently(lambda: self._json("GET", path, params=parameters))

    async def post(self, path: str, make_form: Callable[[], "aiohttp.FormData"]) -> Any:
        """Post something that may be posted twice without harm.

        Raises:
            TurnedAwayError: the provider said no.
            UnclearError: no sound reply came after several tries.
        """
        return await self._patiently(lambda: self._json("POST", path, data=make_form()))

    async def post_once(self, path: str, data: bytes | IO[bytes]) -> Any:
        """Post JSON that must not be posted twice.

        Raises:
            TurnedAwayError: the provider said no.
            UnclearError: whether it was received is not known.
        """
        return await self._json("POST", path, data=data, headers={"content-type": "application/json"})

    async def lines(self, path: str) -> AsyncIterator[Any]:
        """Each line of a JSONL file.

        Raises:
            TurnedAwayError: the provider said no.
            UnclearError: the file did not come whole.
        """
        async with self._response("GET", path) as response:
            rest = b""
            async for piece in response.content.iter_chunked(1 << 20):
                *whole, rest = (rest + piece).split(b"\n")
                for line in whole:
                    if line.strip():
                        yield _parsed(line)
            if rest.strip():
                yield _parsed(rest)

    async def _patiently(self, ask: Callable[[], Awaitable[Any]]) -> Any:
        """Ask until there is a reply, for some minutes at most."""
        for number in range(1, _TRIES):
            try:
                return await ask()
            except UnclearError:
                wait_s = _FIRST_WAIT_S * 4 ** (number - 1)
            except TurnedAwayError as error:
                if error.status != HTTPStatus.TOO_MANY_REQUESTS:
                    raise
                wait_s = _FIRST_WAIT_S * 4 ** (number - 1) if error.retry_after_s is None else error.retry_after_s
            await asyncio.sleep(min(_LONGEST_WAIT_S, wait_s))
        return await ask()

    async def _json(self, method: str, path: str, **sent: Any) -> Any:
        async with self._response(method, path, **sent) as response:
            return _parsed(await response.read())

    @asynccontextmanager
    async def _response(self, method: str, path: str, **sent: Any) -> AsyncIterator["aiohttp.ClientResponse"]:
        import aiohttp

        headers = {**self._headers, **sent.pop("headers", {})}
        limit = aiohttp.ClientTimeout(total=None, sock_connect=_CONNECT_S, sock_read=_SILENCE_S)
        try:
            # A redirect could take the key elsewhere.
            async with self._session.request(
                method, self._base + path, headers=headers, timeout=limit, allow_redirects=False, **sent
            ) as response:
                if response.status != HTTPStatus.OK:
                    raise await self._error(response)
                yield response
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise UnclearError(self._told(f"{type(error).__name__}: {error}")) from None

    async def _error(self, response: "aiohttp.ClientResponse") -> Exception:
        said = self._told((await response.read()).decode("utf-8", "replace"))
        message = f"{response.method} {response.url.path}: status {response.status}: {said}"
        if response.status >= HTTPStatus.INTERNAL_SERVER_ERROR or response.status == HTTPStatus.REQUEST_TIMEOUT:
            return UnclearError(message)
        return TurnedAwayError(response.status, message, response.headers.get("retry-after"))

    def _told(self, text: str) -> str:
        return one_line(self._scrub(text), _MESSAGE_WIDTH)


@contextmanager
def as_expected() -> Iterator[None]:
    """A block that reads a reply.

    Raises:
        UnclearError: the reply has not the form that it should have.
    """
    try:
        yield
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise UnclearError(f"the reply has not the expected form: {type(error).__name__} {error}") from None


def _parsed(text: bytes) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        raise UnclearError("the reply is no JSON") from None
