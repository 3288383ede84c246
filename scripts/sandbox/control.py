"""Controls for tests under /_sandbox/: loopback only, and no part of the service's contract."""

import ipaddress
from dataclasses import asdict
from typing import Annotated, Any

from flask import Blueprint, abort, current_app, jsonify, request
from flask.typing import ResponseReturnValue
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from scripts.sandbox.faults import Fault, UnknownFault
from scripts.sandbox.sandbox import Sandbox, account_of

control = Blueprint("control", __name__, url_prefix="/_sandbox")
"""For an application that keeps its Sandbox in ``extensions["sandbox"]``."""


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid")


class _Arm(_Command):
    """One fault; ``times`` null keeps it armed until all are cleared."""

    name: str
    value: float | None = None
    times: Annotated[int, Field(ge=1)] | None = 1
    skip: Annotated[int, Field(ge=0)] = 0


class _Advance(_Command):
    seconds: Annotated[float, Field(ge=0)]


class _Balance(_Command):
    """A new balance, of the first key unless another is named."""

    balance: Annotated[int, Field(ge=0)]
    key: str | None = None


def _sandbox() -> Sandbox:
    sandbox: Sandbox = current_app.extensions["sandbox"]
    return sandbox


@control.before_request
def only_from_here() -> None:
    if not ipaddress.ip_address(request.remote_addr or "").is_loopback:
        abort(404)


@control.errorhandler(ValidationError)
@control.errorhandler(UnknownFault)
def refuse(error: ValueError) -> ResponseReturnValue:
    return {"error": str(error)}, 400


@control.get("/faults")
def list_faults() -> ResponseReturnValue:
    return jsonify([asdict(fault) for fault in _sandbox().faults.armed()])


@control.post("/faults")
def arm_fault() -> ResponseReturnValue:
    arm = _Arm.model_validate(request.get_json())
    _sandbox().faults.arm(Fault(**arm.model_dump()))
    return list_faults()


@control.delete("/faults")
def clear_faults() -> ResponseReturnValue:
    _sandbox().faults.clear()
    return list_faults()


@control.patch("/behaviour")
def change_behaviour() -> ResponseReturnValue:
    behaviour = _sandbox().behaviour
    changes: dict[str, Any] = request.get_json()
    for name, value in changes.items():
        setattr(behaviour, name, value)
    return behaviour.model_dump()


@control.post("/clock")
def advance_clock() -> ResponseReturnValue:
    clock = _sandbox().clock
    clock.advance(_Advance.model_validate(request.get_json()).seconds)
    return {"now": clock.now()}


@control.post("/balance")
def set_balance() -> ResponseReturnValue:
    command = _Balance.model_validate(request.get_json())
    sandbox = _sandbox()
    account = account_of(command.key or sandbox.options.keys[0])
    sandbox.wallet.set_balance(account, command.balance)
    return {"balance": sandbox.wallet.balance(account)}


@control.delete("/throttle")
def forget_requests() -> ResponseReturnValue:
    _sandbox().throttle.forget()
    return {}


@control.get("/log")
def read_log() -> ResponseReturnValue:
    sandbox = _sandbox()
    transactions = [asdict(entry) for entry in sandbox.wallet.transactions()]
    return {"requests": sandbox.log.entries(), "transactions": transactions}


@control.delete("/log")
def clear_log() -> ResponseReturnValue:
    _sandbox().log.clear()
    return {}
