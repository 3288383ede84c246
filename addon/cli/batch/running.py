"""``batch`` and ``batch fetch``: order, wait, download, and process what has come."""

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from ...batch.folder import BatchFolder
from ...batch.order_store import OrderStore
from ...batch.processing import Processor
from ...batch.report import write_report
from ...batch.run import MORE_BUDGET, BatchRun
from ...jobs.asset_catalogs import write_catalogs
from ...jobs.backoff import Pace
from ...jobs.factory import make_runner
from ...jobs.runner import Runner
from ...jobs.store import Store
from ...service.limits import READ_TIMEOUT
from ...worker import memory_limit
from ...worker.blenders import Blenders
from ..exits import ExitStatus, worst
from ..patience import patiently
from ..session import USER_AGENT, Session
from ..waiting import BEING_SENT
from .checking import agree_to_unknown_prices, tell_detours, too_much
from .common import Rows, bad, find_blender, good, open_store, tell, worst_of
from .display import display


def make(session: Session, folder: BatchFolder, rows: Rows, *, fetch_only: bool) -> ExitStatus:
    """Run the good rows and report on all; whoever calls holds the folder's lock."""
    started_at = session.environment.clock.now()
    session.check_online()
    store = open_store(session, folder)
    runner = runner_for(session, store)
    processor = None if fetch_only else processor_for(session, folder, rows)
    for row in bad(rows):
        words = " ".join(problem.message for problem in row.problems)
        session.output.problem(f"{row.place}: {words}")
    tell_detours(session, rows)
    order_store = open_ledger(session, folder, store, rows)
    own = [order_store.adopt(row) for row in good(rows)]
    budget = session.arguments.budget
    batch = BatchRun(folder, own, order_store, runner, processor, budget)
    interrupted = False
    with display(session.output, events=session.arguments.json, total=len(rows)) as shown:
        batch.watcher = shown.update
        batch.waiting = lambda: session.output.say(BEING_SENT)
        try:
            with ended_by_parent(session, batch):
                statuses = batch.run()
        except KeyboardInterrupt:
            interrupted = True
            statuses = batch.statuses()
    ended_at = session.environment.clock.now()
    document = write_report(
        folder,
        statuses,
        bad(rows),
        service=session.address,
        started_at=started_at,
        ended_at=ended_at,
        say=session.output.problem,
    )
    store.close()
    tell(session, folder, document)
    if interrupted or batch.stopped:
        session.output.problem("Stopped. Start it again to go on: nothing is paid for twice.")
        return ExitStatus.INTERRUPTED
    if session.arguments.keep_going:
        return ExitStatus.OK
    found = [worst_of(document["rows"])]
    if batch.is_over_budget:
        session.output.problem(f"The budget of {budget} credits leaves no room. {MORE_BUDGET}")
        found.append(ExitStatus.CREDITS)
    return worst(found)


def processor_for(session: Session, folder: BatchFolder, rows: Rows) -> Processor:
    """What makes the assets, by as many Blenders as the user wants; raises Refused."""
    blenders = Blenders(session.arguments.blenders, memory_limit.limit())
    return Processor(folder, find_blender(session, rows), session.stop, blenders)


def open_ledger(session: Session, folder: BatchFolder, store: Store, rows: Rows) -> OrderStore:
    """Take up an earlier run, and agree on the price of the rest; raises Refused."""
    arguments = session.arguments
    order_store = OrderStore(store, folder, session.address, arguments.budget)
    order_store.forget_unsent(good(rows))
    now = session.environment.clock.now()
    order_store.forget_expired(good(rows), now, retry_failed=arguments.retry_failed)
    order_store.go_on(send_unknown=arguments.send_unknown, retry_failed=arguments.retry_failed)
    price = order_store.unpaid(good(rows))
    agree_to_unknown_prices(session, order_store.to_pay(good(rows)))
    wallet = patiently(session, session.client.wallet) if price else None
    if wallet is not None:
        store.save_wallet(session.address, wallet)
        session.output.say(f"about {price} credits of {wallet.balance}")
    refusal = too_much(session, price, wallet)
    if refusal is not None:
        raise refusal
    if any(row.post.asset for row in good(rows)):
        write_catalogs(folder.library, [row.post.catalog for row in good(rows)])
    return order_store


def runner_for(session: Session, store: Store) -> Runner:
    """The runner on this session's account."""
    interval = session.arguments.poll_interval
    return make_runner(
        store,
        address=session.address,
        key=session.found_key.key,
        user_agent=USER_AGENT,
        read_timeout=session.arguments.timeout or READ_TIMEOUT,
        pace=Pace(min_poll=interval, max_poll=interval) if interval else None,
        fitter=session.fitter,
        clock=session.environment.clock,
        stop=session.stop,
    )


@contextmanager
def ended_by_parent(session: Session, batch: BatchRun) -> Iterator[None]:
    """With ``--lifeline``, end when stdin closes: the Blender that started us is gone."""
    if session.arguments.lifeline:

        def wait() -> None:
            while os.read(sys.stdin.fileno(), 4096):
                pass
            batch.stop()

        threading.Thread(target=wait, name="lifeline", daemon=True).start()
    yield
