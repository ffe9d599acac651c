"""The composition root: the only place that knows everyone."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import importlib
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from typing import Final

import structlog
from aiohttp import web

from bot.channels import Channel, Channels, LockedOut, Update
from bot.channels.webchat import WebChat
from bot.clock import Clock
from bot.database import connect, disconnect
from bot.database.migrations import migrate_at_start
from bot.fetching import Fetcher, Source
from bot.housekeeping import come_back, reached
from bot.i18n import load_catalogues
from bot.inbox import Inbox
from bot.leases import LIFE, Leases
from bot.logs import scrubbed
from bot.outbox import Sender
from bot.scheduler import Scheduler
from bot.settings import Settings
from bot.web import health
from bot.web.boards import Boards
from bot.web.feeds import Feeds
from bot.web.openpages import OpenPages
from handlers import FEATURES
from models.fields import use_keys

log = structlog.get_logger(__name__)

# Modules of our own that declare jobs.
MACHINERY: Final = ("bot.tasks", "bot.housekeeping", "bot.menus")

RECEIVE_AGAIN: Final = 5.0  # seconds
NOTE_SECONDS: Final = 10.0


def load_features() -> None:
    """Import every feature, so that its declarations are in the registry."""
    for name in FEATURES:
        importlib.import_module(name)
    for name in MACHINERY:
        importlib.import_module(name)


def collect_rarely() -> None:
    """Look for garbage seldom: a fifth of each turn went into looking at what is there from the start."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


class App:
    """One process of the house: channels, senders, pollers, the scheduler and the web server."""

    def __init__(
        self,
        settings: Settings,
        *,
        clock: Clock | None = None,
        channels: Sequence[Channel] = (),
        zone: str | None = None,
    ) -> None:
        """Prepare a process; `zone`: in which the web chat shows its clocks, without it the browser's."""
        self.settings = settings
        self._zone = zone
        self.clock = clock or Clock(settings.clock, settings.clock_speed)
        self.channels = Channels(base_url=settings.base_url)
        self.leases = Leases()
        self.senders: list[Sender] = []
        self.inbox = Inbox(self.clock, self.wake)
        self.scheduler = Scheduler(self.clock, self.wake)
        self.port = settings.port
        self.stopped = asyncio.Event()
        self.failure: LockedOut | None = None
        self._own = list(channels)
        self._pages: list[web.RouteDef] = []
        self._first: list[Callable[[], Awaitable[None]]] = []
        self._note_again_at = 0.0
        self._running: list[asyncio.Task[None]] = []

    def wake(self) -> None:
        """Tell the senders that rows were written."""
        for sender in self.senders:
            sender.wake()

    def serve(self, *routes: web.RouteDef) -> None:
        """Add pages to the web server; before `running`."""
        self._pages.extend(routes)

    def first(self, step: Callable[[], Awaitable[None]]) -> None:
        """Do a step before the scheduler ticks; before `running`."""
        self._first.append(step)

    @contextlib.asynccontextmanager
    async def database(self) -> AsyncIterator[None]:
        """Keys, migrations and a connection: what a command needs that talks to nobody."""
        use_keys(self.settings.keyring())
        applied = await migrate_at_start(self.settings.database_url)
        if applied:
            log.info("migrated", applied=applied)
        await connect(self.settings.database_url)
        load_features()
        load_catalogues()
        try:
            yield
        finally:
            await disconnect()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[App]:
        """Run everything; on the way out finish what was begun, in the order in which nothing is lost."""
        async with self.database(), contextlib.AsyncExitStack() as stack:
            for channel in [*self._own, *self._configured()]:
                await channel.open()
                stack.push_async_callback(channel.close)
                self.channels.add(channel)
                self.senders.append(Sender(channel, self.clock, self.channels.links, self.leases))
            stack.push_async_callback(self._stop)
            runner = await self._listen()
            stack.push_async_callback(runner.cleanup)
            self._running += [asyncio.create_task(sender.run()) for sender in self.senders]
            self._running += [asyncio.create_task(fetcher.run()) for fetcher in self._fetchers()]
            self._running += [
                asyncio.create_task(self._receive(channel)) for channel in self.channels.by_name.values()
            ]
            for step in self._first:
                await step()
            await come_back(self.clock.now())
            self.scheduler.start()
            stack.push_async_callback(self.scheduler.stop)
            log.info("running", port=self.port, channels=list(self.channels.by_name))
            yield self

    def _fetchers(self) -> list[Fetcher]:
        """Fetch from every channel that keeps files for us."""
        return [
            Fetcher(channel, self.clock, self.leases)
            for channel in self.channels.by_name.values()
            if isinstance(channel, Source)
        ]

    def _configured(self) -> list[Channel]:
        found: list[Channel] = [WebChat(self.settings.base_url, self.clock.now, zone=self._zone)]
        if self.settings.telegram_token:
            # Imported only where it is used: the library is a third of the start-up time.
            from bot.channels.telegram import Telegram

            found.append(
                Telegram(
                    self.settings.telegram_token,
                    self.settings.telegram_api_url,
                    self.settings.public_url,
                    reached=self._telegram_answered,
                )
            )
        return found

    async def _telegram_answered(self) -> None:
        """Note now and then that Telegram is there: whoever polls after a gap tells of it."""
        elapsed = asyncio.get_running_loop().time()
        if elapsed < self._note_again_at:
            return
        self._note_again_at = elapsed + NOTE_SECONDS
        try:
            await reached("telegram", self.clock.now())
        except Exception as error:  # noqa: BLE001 -- it is noted at the next poll; what people say goes first
            self._note_again_at = elapsed
            log.warning("poll_not_noted", error=type(error).__name__)
        self.wake()

    async def _listen(self) -> web.AppRunner:
        site = web.Application(client_max_size=2**20)
        site.add_routes([web.get("/healthz", health.healthz), web.get("/readyz", health.readyz)])
        site.add_routes([health.metrics(self.settings.metrics_token), *self._pages])
        site.add_routes(Feeds(self.clock).routes())
        site.add_subapp("/board", Boards(self.settings.base_url, self.clock, self.wake).site())
        site.add_subapp("/public", OpenPages(self.clock).site())
        for channel in self.channels.by_name.values():
            site.add_routes(channel.routes(self.hear))
            if isinstance(channel, WebChat):
                # Open sockets would keep the server waiting for its whole patience.
                site.on_shutdown.append(_hanging_up(channel))
        runner = web.AppRunner(site, access_log=None, shutdown_timeout=5)
        await runner.setup()
        await web.TCPSite(runner, self.settings.host, self.settings.port).start()
        self.port = int(runner.addresses[0][1])
        return runner

    async def hear(self, update: Update) -> str | None:
        """Hear an update to its end, also when the connection that brought it is cut."""
        return await asyncio.shield(asyncio.ensure_future(self.inbox.hear(update)))

    async def _receive(self, channel: Channel) -> None:
        """Poll a channel while this process holds its lease."""
        name = f"poller:{channel.name}"
        while True:
            if not await self._hold(name):
                await asyncio.sleep(LIFE.total_seconds() / 4)
                continue
            polling = asyncio.create_task(channel.receive(self.hear))
            try:
                while not polling.done() and await self._hold(name):
                    await asyncio.wait([polling], timeout=LIFE.total_seconds() / 4)
                if polling.done():
                    polling.result()
                    return
            except LockedOut as error:
                log.error("locked_out", channel=channel.name, why=str(error))
                self.failure = error
                self.stopped.set()
                return
            except Exception as error:
                log.error(
                    "receiving_failed",
                    channel=channel.name,
                    error=type(error).__name__,
                    again_in=RECEIVE_AGAIN,
                    exc_info=scrubbed(error),
                )
                await asyncio.sleep(RECEIVE_AGAIN)
            finally:
                polling.cancel()
                await asyncio.wait([polling])

    async def _hold(self, name: str) -> bool:
        try:
            return await self.leases.hold(name)
        except Exception as error:  # noqa: BLE001 -- a database that is away must not end the poller
            log.warning("lease_unsure", name=name, error=type(error).__name__)
            return False

    async def _stop(self) -> None:
        for task in self._running:
            task.cancel()
        results = await asyncio.gather(*self._running, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                log.error("stopped_badly", error=repr(type(result)))
        for sender in self.senders:
            await sender.finish()
        try:
            await self.leases.release()
        except Exception as error:  # noqa: BLE001 -- without a database they run out by themselves
            log.warning("leases_kept", error=type(error).__name__)


def _hanging_up(channel: WebChat) -> Callable[[web.Application], Awaitable[None]]:
    async def hang_up(_site: web.Application) -> None:
        await channel.close()

    return hang_up
