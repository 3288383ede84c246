"""Accepting a task: check the body, keep its files, take the price, start the work."""

import random
import uuid
from datetime import UTC, datetime

from flask import Response, g, jsonify

from scripts.sandbox.contract import Body, Endpoint
from scripts.sandbox.contract.pictures import NotAnImage
from scripts.sandbox.errors import ApiError, invalid
from scripts.sandbox.inputs import BadInput, take_in
from scripts.sandbox.parsing import parse_body
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.tasks import Task
from scripts.sandbox.wallet import InsufficientCredits

_WAIT_SECONDS = (1.0, 4.0)
"""How long a task is usually PENDING."""


def submit(sandbox: Sandbox, endpoint: Endpoint) -> Response:
    """Answer one POST."""
    task_id = str(uuid.uuid4())
    inputs = sandbox.runner.inputs_folder(task_id)
    inputs.mkdir(parents=True)
    try:
        body = parse_body(endpoint, sandbox.behaviour, inputs)
        task = _accept(sandbox, endpoint, body, task_id)
    except BaseException:
        sandbox.runner.discard(task_id)
        raise
    sandbox.runner.start(task)
    created_at = datetime.fromtimestamp(task.created_at, UTC)
    answer = {"task_id": task.id, "created_at": created_at.strftime("%Y-%m-%dT%H:%M:%S.%fZ")}
    response = jsonify(answer)
    response.status_code = 201
    return response


def _accept(sandbox: Sandbox, endpoint: Endpoint, body: Body, task_id: str) -> Task:
    """Book the task and its price, both or none."""
    try:
        files, remotes = take_in(body.sources(), sandbox.runner.inputs_folder(task_id))
    except (BadInput, NotAnImage) as error:
        raise invalid({"non_field_errors": [str(error)]}, sandbox.behaviour) from error
    if not sandbox.runner.can(endpoint.kind):
        message = f"The sandbox has no engine for {endpoint.kind} yet."
        raise ApiError(501, message, "NOT_IMPLEMENTED")
    now, scale = sandbox.clock.now(), sandbox.behaviour.time_scale
    starts_at = now + scale * _within(_WAIT_SECONDS)
    fault = sandbox.faults.take("task")
    task = Task(
        id=task_id,
        account=g.account,
        path=endpoint.path,
        kind=endpoint.kind,
        parameters={**body.parameters(), **endpoint.fixed},
        files=files,
        remotes=remotes,
        price=body.price(),
        shows_progress=endpoint.shows_progress,
        created_at=now,
        starts_at=starts_at,
        ends_at=max(starts_at, now + scale * _within(endpoint.seconds)),
        asset_lag=scale * sandbox.behaviour.asset_lag,
        fault=None if fault is None else fault.name,
    )
    try:
        with sandbox.database.transaction():
            sandbox.wallet.spend(task.account, task.id, task.price)
            sandbox.book.save(task)
    except InsufficientCredits as error:
        message = f"Insufficient credits. This operation costs {task.price} credits."
        raise ApiError(402, message, "INSUFFICIENT_CREDITS") from error
    return task


def _within(span: tuple[float, float]) -> float:
    return random.uniform(*span)  # noqa: S311 - a duration, not a secret
