"""Puts a runner's tools together for one key at one address, on the real network and clock."""

import random
from collections.abc import Collection

from ..service.client import Client
from ..service.downloads import Downloader
from ..service.images import ImageReader
from ..service.keys import account_id
from ..service.limits import CONNECT_TIMEOUT, READ_TIMEOUT
from ..service.stopping import Stop
from . import scratch
from .backoff import Pace
from .clock import Clock, SystemClock
from .runner import Runner, owner_name
from .runner_deps import Exporter, Fetcher, Preparer, RunnerDeps, Service
from .sendable_pictures import PictureFitter
from .store import Store


def make_runner(
    store: Store,
    *,
    address: str,
    key: str,
    user_agent: str,
    connect_timeout: float = CONNECT_TIMEOUT,
    read_timeout: float = READ_TIMEOUT,
    preparer: Preparer | None = None,
    exporter: Exporter | None = None,
    fitter: PictureFitter | None = None,
    pace: Pace | None = None,
    clock: Clock | None = None,
    stop: Stop | None = None,
    online: bool = True,
    only: Collection[str] = (),
    service: Service | None = None,
    fetcher: Fetcher | None = None,
) -> Runner:
    """Raises BadAddress and BadKey. Opens no connection. ``only``: see Runner.

    ``service`` is asked in place of a client made for the address and the key, ``fetcher`` in place
    of what downloads from the storage.
    """
    scratch.sweep()
    stop = stop or Stop()
    service = service or Client(
        address,
        key,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        user_agent=user_agent,
        stop=stop,
    )
    fetcher = fetcher or Downloader(
        address,
        connect_timeout=connect_timeout,
        read_timeout=read_timeout,
        user_agent=user_agent,
        stop=stop,
    )
    read_image = ImageReader(
        connect_timeout=connect_timeout, read_timeout=read_timeout, user_agent=user_agent, stop=stop
    )
    context = RunnerDeps(
        store=store,
        service=service,
        fetcher=fetcher,
        read_image=read_image,
        clock=clock or SystemClock(),
        owner=owner_name(),
        account=account_id(key, service.address),
        jitter=random.random,
        pace=pace or Pace(),
        preparer=preparer,
        exporter=exporter,
        fitter=fitter,
        stop=stop,
    )
    return Runner(context, online=online, only=only)
