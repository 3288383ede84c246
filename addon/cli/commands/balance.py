"""``balance``: the account's credits."""

from ..exits import ExitStatus
from ..patience import ask_wallet
from ..session import Session


def run(session: Session) -> ExitStatus:
    """Ask the service and print the answer."""
    wallet = ask_wallet(session)
    session.output.say(f"{wallet.balance} credits")
    session.output.answered({"balance": str(wallet.balance), "rate_limit": wallet.rate_limit})
    return ExitStatus.OK
