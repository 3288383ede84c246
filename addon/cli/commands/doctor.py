"""``doctor``: is everything in place? Costs nothing; every check says what to do if not."""

import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass

from ...service import whole_files
from ...service.errors import ServiceError
from ...service.http import clock_difference
from ...service.keys import IN_KEY_FILE
from ...service.private_files import is_private
from ..exits import ExitStatus, exit_of_error
from ..patience import patiently
from ..session import Session

LEAST_FREE_BYTES = 1_000_000_000
MOST_CLOCK_SECONDS = 300.0
"""Signed links and certificates stop working when the clock is further off."""


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    ok: bool
    found: str
    next_step: str = ""


def run(session: Session) -> ExitStatus:
    """Make every check; the first failing one that has an exit code of its own decides it."""
    status = ExitStatus.OK
    checks = []
    for name, examine in CHECKS.items():
        try:
            check = examine(session)
        except ServiceError as error:
            check = Check(name, ok=False, found=error.message, next_step=error.hint)
            status = status or exit_of_error(error)
        checks.append(check)
        session.output.say(f"{'ok ' if check.ok else 'NO '} {name}: {check.found}")
        if check.next_step and not check.ok:
            session.output.say(f"    {check.next_step}")
    if not all(check.ok for check in checks):
        status = status or ExitStatus.ERROR
    session.output.answered({"checks": [asdict(check) for check in checks]})
    return status


def check_key(session: Session) -> Check:
    """A key is there, and for this user only; where it came from, never what it is."""
    source, file = session.found_key.source, session.places.key_file
    if source == IN_KEY_FILE and not is_private(file):
        step = (
            "Save it once more in Blender; if that says that the disk knows no access rights, "
            "choose another folder with STUDIO3D_HOME."
        )
        return Check("key", ok=False, found=f"others can read it in {file}", next_step=step)
    return Check("key", ok=True, found=f"found in {source}")


def check_address(session: Session) -> Check:
    """The address is one the key may be sent to."""
    return Check("address", ok=True, found=session.address)


def check_account(session: Session) -> Check:
    """The service answers, over a trusted connection, and accepts the key."""
    wallet = patiently(session, session.client.wallet)
    limit = f", {wallet.rate_limit} submissions a minute" if wallet.rate_limit else ""
    return Check("account", ok=True, found=f"{wallet.balance} credits{limit}")


def check_clock(session: Session) -> Check:
    """This machine and the service agree about the time."""
    clock = session.environment.clock
    off = patiently(session, lambda: clock_difference(session.address, clock.now()))
    if off is None:
        return Check("clock", ok=True, found="the service does not say what time it is")
    if abs(off) > MOST_CLOCK_SECONDS:
        return Check("clock", ok=False, found=f"{off:.0f} s off", next_step="Set the clock.")
    return Check("clock", ok=True, found="agrees with the service")


def check_disk(session: Session) -> Check:
    """There is room for results, and the folder can be written to."""
    root = session.places.root
    try:
        root.mkdir(parents=True, exist_ok=True)
        probe = root / ".doctor"
        probe.write_bytes(b"")
        whole_files.remove(probe)
        free = shutil.disk_usage(root).free
    except OSError as error:
        step = "Choose another folder with STUDIO3D_HOME or --data-dir."
        return Check("disk", ok=False, found=f"{root}: {error.strerror}", next_step=step)
    found = f"{free / 1e9:.1f} GB free in {root}"
    enough = free >= LEAST_FREE_BYTES
    return Check("disk", ok=enough, found=found, next_step="" if enough else "Make room.")


def check_blender(session: Session) -> Check:
    """A Blender is there; most of the command line works without one."""
    found = session.environment.blender()
    if found:
        return Check("blender", ok=True, found=found)
    named = session.environment.environ.get("BLENDER")
    if named:
        step = "Correct the variable BLENDER, or leave it out."
        return Check("blender", ok=False, found=f"{named} is no program", next_step=step)
    words = "none was found, and BLENDER names none: pictures go as they are, batch makes no assets"
    return Check("blender", ok=True, found=words)


CHECKS: dict[str, Callable[[Session], Check]] = {
    "key": check_key,
    "address": check_address,
    "account": check_account,
    "clock": check_clock,
    "disk": check_disk,
    "blender": check_blender,
}
