"""What costs credits: send an order once, watch its task, look at its files and at the price."""

from collections.abc import Mapping
from decimal import Decimal
from http import HTTPStatus
from typing import Any, NoReturn

from addon.catalog import AssetType, build_request, encode
from addon.service.addresses import is_allowed
from addon.service.answers import TaskState
from addon.service.client import STATUS_PATH
from addon.service.errors import NetworkError
from addon.service.file_types import MODEL_SUFFIXES, suffix_of
from addon.service.images import ImageReader
from addon.service.picture_types import MEDIA_TYPES
from scripts.live_checks.asking import TRIES, Asking, Stopped
from scripts.live_checks.contract import (
    ACCEPTED,
    RECEIPT,
    RESULT,
    STATUS,
    Expected,
    compare,
    object_differences,
)
from scripts.live_checks.exchange import Answer
from scripts.live_checks.findings import Finding, amount, described
from scripts.live_checks.inputs import Inputs
from scripts.live_checks.journal import DONE, SENDING, SENT, UNANSWERED, Entry
from scripts.live_checks.steps import Order

_SUBMITTED = Expected(ACCEPTED, "A", RECEIPT)
_LOOKED_AT = Expected((HTTPStatus.OK,), "A", STATUS)
_NO_MATTER = {"application/octet-stream", "binary/octet-stream"}
_MEDIA: Mapping[AssetType, tuple[str, ...]] = {
    AssetType.ARCHIVE: ("application/zip", "application/x-zip-compressed"),
    AssetType.IMAGE: ("image/",),
    AssetType.EDITED_IMAGE: ("image/",),
}


def place(asking: Asking, step: Order, inputs: Inputs, addresses: Mapping[str, str]) -> Entry:
    """Send it; the journal knows before and after. Raises Stopped where that is unclear."""
    given = step.filled(inputs, addresses)
    reader = ImageReader(user_agent="studio3d-live-check")
    wire = encode(build_request(step.operation.name, given), reader)
    for _ in range(TRIES):
        asking.wait_for_turn()
        entry = Entry(SENDING, before=str(asking.balance()), spent=str(step.price))
        asking.journal.record(step.name, entry)
        try:
            answer = asking.submit(wire)
        except NetworkError as error:
            _lost(asking, step, entry, error)
        if answer.status != HTTPStatus.TOO_MANY_REQUESTS:
            return _receipt(asking, step, entry, answer)
        asking.journal.forget(step.name)
        asking.wait_as_told(answer)
    raise Stopped(f"{step.name} is refused for coming too soon, again and again. Try later.")


def _lost(asking: Asking, step: Order, entry: Entry, error: NetworkError) -> NoReturn:
    if error.never_sent:
        asking.journal.forget(step.name)
        raise Stopped(f"{error.message} {step.name} was not sent.") from error
    entry.state = UNANSWERED
    entry.findings.append(no_answer(step))
    asking.journal.record(step.name, entry)
    raise Stopped(
        f"{error.message} {step.name} was sent and may have cost {step.price} credits; it is "
        "not sent again."
    ) from error


def no_answer(step: Order) -> Finding:
    """What an unanswered submission is in the report."""
    seen = f"none; {step.price} credits may have been charged: look at the service's dashboard"
    return Finding("no answer", "receipt", "an answer", seen, "A")


def _receipt(asking: Asking, step: Order, entry: Entry, answer: Answer) -> Entry:
    if answer.status == HTTPStatus.PAYMENT_REQUIRED:
        asking.journal.forget(step.name)
        raise Stopped(f"The service says that there are not enough credits for {step.name}.")
    entry.findings += compare(answer, _SUBMITTED, "receipt")
    document = answer.document
    task_id = document.get("task_id") if isinstance(document, dict) else None
    if isinstance(task_id, str) and task_id:
        entry.state, entry.task_id = SENT, task_id
        asking.journal.record(step.name, entry)
        entry.seen.append(f"a submission is answered with HTTP {answer.status}")
        taken = Decimal(entry.before) - asking.balance()
        if taken != step.price:
            entry.findings.append(_price(step, "at submission", Decimal(step.price), taken))
    elif HTTPStatus.BAD_REQUEST <= answer.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        entry.state = DONE
        entry.spent = str(max(Decimal(entry.before) - asking.balance(), Decimal(0)))
    else:
        entry.state = UNANSWERED
    asking.journal.record(step.name, entry)
    return entry


def _price(step: Order, where: str, expected: Decimal, seen: Decimal) -> Finding:
    mark = step.operation.confidence_in(step.operation.price)
    words = f"{amount(expected)} credits", f"the balance fell by {amount(seen)}"
    return Finding("price", where, *words, mark)


def follow(asking: Asking, step: Order, entry: Entry) -> None:
    """Watch the task to its end, look at what it made and what it cost. Raises Stopped."""
    document = _watched(asking, step, entry)
    failed = document.get("status") == TaskState.FAILED
    if failed:
        reason = f"FAILED: {document.get('failure_reason')}"
        entry.findings.append(Finding("task failed", "status", "FINISHED", reason, "A"))
    else:
        _check_results(asking, step, entry, _results(document))
    expected = Decimal(0 if failed else step.price)
    spent = Decimal(entry.before) - asking.balance()
    if spent != expected:
        where = "after a refund" if failed else "at the end"
        entry.findings.append(_price(step, where, expected, spent))
    # A balance that moves late, or was filled up meanwhile, must not stretch the budget.
    entry.state, entry.spent = DONE, str(max(spent, expected))
    asking.journal.record(step.name, entry)


def results_of(asking: Asking, entry: Entry) -> list[Mapping[str, Any]]:
    """What a task of before has now, with fresh links; empty when it is gone."""
    answer = asking.read(STATUS_PATH.format(task_id=entry.task_id))
    document = answer.document
    return _results(document) if isinstance(document, dict) else []


def _watched(asking: Asking, step: Order, entry: Entry) -> Mapping[str, Any]:
    """The last status answer; {} if there was none that could be read."""
    began, finished, last = asking.now(), 0.0, ""
    while asking.now() - began < asking.pace.task:
        answer = asking.read(STATUS_PATH.format(task_id=entry.task_id))
        entry.findings += compare(answer, _LOOKED_AT, "status")
        document = answer.document
        if answer.status != HTTPStatus.OK or not isinstance(document, dict):
            return {}
        state, results = document.get("status"), _results(document)
        if state != last:
            asking.say(f"{step.name}: {state}")
            last = str(state)
        if state == TaskState.FAILED:
            return document
        if state == TaskState.FINISHED:
            finished = finished or asking.now()
            waited = asking.now() - finished
            over = document.get("failure_reason") or waited > asking.pace.without_file
            if over or (results and all(_is_there(step, one) for one in results)):
                entry.seen.append(f"files are there {waited:.0f} s after FINISHED")
                return document
        elif results:
            entry.findings.append(
                Finding("value", f"status.results while {state}", "empty", "results", "A")
            )
        asking.sleep(asking.pace.look)
    raise Stopped(f"{step.name} is not done after {asking.pace.task / 60:.0f} minutes; it is paid.")


def _results(document: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    listed = document.get("results")
    return [one for one in listed if isinstance(one, dict)] if isinstance(listed, list) else []


def link_of(result: Mapping[str, Any]) -> str:
    """Its address under the present or the older name; empty if there is none."""
    found = result.get("asset") or result.get("asset_url")
    return found if isinstance(found, str) else ""


def _is_there(step: Order, result: Mapping[str, Any]) -> bool:
    return bool(link_of(result) or (step.operation.metadata_only and result.get("metadata")))


def _check_results(
    asking: Asking, step: Order, entry: Entry, results: list[Mapping[str, Any]]
) -> None:
    mark = step.operation.confidence
    kinds = [str(one.get("asset_type")) for one in results]
    allowed, missing = ", ".join(sorted(step.allowed)), sorted(step.wanted - set(kinds))
    if not results:
        entry.findings.append(Finding("no result", "results", allowed, "none", mark))
    elif missing:
        seen = ", ".join(kinds)
        entry.findings.append(Finding("result type", "results", ", ".join(missing), seen, mark))
    for number, (result, kind) in enumerate(zip(results, kinds, strict=True), 1):
        entry.findings += object_differences(result, RESULT, "result")
        if kind not in step.allowed:
            entry.findings.append(Finding("result type", f"result {number}", allowed, kind, mark))
        if not _is_there(step, result):
            seen = f"null for {asking.pace.without_file:.0f} s, or with a reason"
            where = f"result {number}.asset"
            entry.findings.append(Finding("null asset", where, "an address", seen, "A"))
        elif link_of(result):
            _check_file(asking, step, entry, link_of(result), kind)
    entry.seen.append(f"results: {', '.join(kinds)}")


def _check_file(asking: Asking, step: Order, entry: Entry, link: str, kind: str) -> None:
    where, mark, found = f"file {kind}", step.operation.confidence, entry.findings
    entry.seen.append(f"{where} at {described(link)}")
    if not is_allowed(link):
        found.append(Finding("link", where, "an https address", link, "A"))
        return
    try:
        file = asking.exchange.fetch(link)
    except NetworkError as error:
        raise Stopped(
            f"{error.message} {step.name} is paid; its file is looked at later."
        ) from error
    if file.moved_to:
        found.append(Finding("redirect", where, "the file itself", file.moved_to, "B"))
    if file.status != HTTPStatus.OK:
        found.append(Finding("status code", where, "HTTP 200", f"HTTP {file.status}", "A"))
        return
    media = file.content_type.partition(";")[0].strip().lower()
    families = _MEDIA.get(AssetType(kind), ("model/",)) if kind in set(AssetType) else ()
    if media not in _NO_MATTER and not media.startswith(families):
        words = " or ".join([*sorted(_NO_MATTER), *families])
        found.append(Finding("content type", where, words, media or "none", "?"))
    suffixes, suffix = _suffixes(step, kind), suffix_of(file.head, file.size, link)
    if suffixes and suffix not in suffixes:
        found.append(Finding("file", where, " or ".join(suffixes), f"{suffix or 'unknown'}", mark))
    entry.seen.append(f"{where}: {suffix}, {media}")


def _suffixes(step: Order, kind: str) -> tuple[str, ...]:
    """What a file of that type may be; empty where its type says nothing."""
    match kind:
        case AssetType.ARCHIVE:
            return (".zip",)
        case AssetType.IMAGE | AssetType.EDITED_IMAGE:
            return tuple(MEDIA_TYPES)
        case AssetType.MODEL:
            exact = step.operation.result_format(step.values)
            return (f".{exact}",) if exact else MODEL_SUFFIXES
        case AssetType.SCALED_MODEL:
            return MODEL_SUFFIXES
    return ()
