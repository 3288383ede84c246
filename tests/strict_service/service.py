"""The HTTP around the tables: keys, money, limits, tasks, signed links, and trouble on demand."""

import email.parser
import email.policy
import itertools
import json
import socket
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from decimal import Decimal
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from tests.strict_service.endpoints import ENDPOINTS, Endpoint, Results
from tests.strict_service.files import FILES
from tests.strict_service.values import PICTURE_TYPES, Invalid, picture_problem, suffix_of

WALLET: Final = "/account/user/wallet/"
KEY: Final = "strict-service-key-0123456789abcdef"
WINDOW: Final = 60.0
PUBLIC: Final = "/public/"
"""Where the storage has files that anybody can read, such as a picture by its address."""
UNKNOWN_TASK: Final = {"detail": "No PublicAPIGenerationRequest matches the given query."}

Answer = tuple[int, Any]
"""HTTP status, and a JSON value or the bytes of a page."""


@dataclass(frozen=True, slots=True)
class Trouble:
    """What one request gets in place of its answer.

    ``done``: what was asked for is done all the same. ``cut``: the connection ends without an
    answer. ``short_by``: bytes that the answer lacks at its end.
    """

    status: int = 0
    body: Any = None
    headers: Mapping[str, str] = field(default_factory=dict)
    done: bool = False
    cut: bool = False
    short_by: int = 0


@dataclass(frozen=True, slots=True)
class Order:
    """What was taken: the fields as they are meant, files as their names."""

    task_id: str
    path: str
    body: Mapping[str, Any]
    content_type: str
    credits: tuple[int, int]


@dataclass(slots=True)
class Task:
    """An order at work. ``looks`` at its status were made so far."""

    order: Order
    results: Results
    looks: int = 0


@dataclass(slots=True)
class StrictService:
    """The service's state; tests read and change it.

    ``shape`` changes each status answer on its way out. A task is finished from the look
    ``finished_at`` on, and has its files ``lag`` looks later.
    """

    address: str = ""
    storage: str = ""
    key: str = KEY
    balance: Decimal = Decimal("10000.00")
    rate_limit: int = 1000
    key_trouble: str = ""
    finished_at: int = 1
    lag: int = 0
    clock: Callable[[], float] = time.monotonic
    extra: Results = ()
    """What an order makes besides."""
    links_from: int = 0
    """Links with a lower number have expired."""
    shape: Callable[[dict[str, Any]], dict[str, Any]] = lambda answer: answer
    before: Callable[[str], None] = lambda _: None
    """Called with the stage of each request before it is answered."""
    orders: list[Order] = field(default_factory=list)
    refusals: list[Any] = field(default_factory=list)
    requests: list[tuple[str, str]] = field(default_factory=list)
    """Method and path of each, also those to the storage."""
    files_with_key: int = 0
    tasks: dict[str, Task] = field(default_factory=dict)
    submissions: deque[float] = field(default_factory=deque)
    troubles: dict[str, deque[Trouble]] = field(default_factory=dict)
    lock: threading.RLock = field(default_factory=threading.RLock)
    signatures: Iterator[int] = field(default_factory=itertools.count)

    def trouble(self, stage: str, *troubles: Trouble) -> None:
        """What the next requests of a stage get: wallet, submit, status or file."""
        self.troubles.setdefault(stage, deque()).extend(troubles)

    def next_trouble(self, stage: str) -> Trouble:
        """What this request gets."""
        waiting = self.troubles.get(stage)
        return waiting.popleft() if waiting else Trouble()

    # ------------------------------------------------------------ answers

    def unauthorized(self, header: str) -> Answer | None:
        """The refusal of a key, if it is refused."""
        code = self.key_trouble or ("" if header == f"Bearer {self.key}" else "INVALID_API_KEY")
        return (401, {"error": "The API key is not valid.", "error_code": code}) if code else None

    def wallet(self) -> Answer:
        """What is left."""
        return 200, {"balance": f"{self.balance:.2f}", "rate_limit": self.rate_limit}

    def submit(self, path: str, content_type: str, data: bytes) -> Answer:
        """Take an order, or say what is wrong with it."""
        endpoint = ENDPOINTS.get(path)
        if endpoint is None:
            return self.refused(404, {"detail": "Not found."})
        wait = self.throttled()
        if wait is not None:
            return 429, {
                "error": f"Request was throttled. Expected available in {wait} seconds.",
                "error_code": "RATE_LIMITED",
            }
        body, problems = read_body(endpoint, content_type, data)
        problems = problems or rule_problems(endpoint, body)
        if problems:
            return self.refused(400, problems)
        price = endpoint.price(body)
        least, most = (price, price) if isinstance(price, int) else price
        if self.balance < most:
            text = {"error": "Insufficient credits.", "error_code": "INSUFFICIENT_CREDITS"}
            return self.refused(402, text)
        self.balance -= most
        order = Order(str(uuid.uuid4()), path, body, content_type, (least, most))
        self.orders.append(order)
        self.tasks[order.task_id] = Task(order, (*endpoint.results(body), *self.extra))
        return 201, {"task_id": order.task_id, "created_at": "2026-03-01T12:00:00.000000Z"}

    def refused(self, status: int, body: Any) -> Answer:
        """Write down what was wrong."""
        self.refusals.append(body)
        return status, body

    def throttled(self) -> int | None:
        """Seconds until the next submission is taken, if it is not now."""
        now = self.clock()
        while self.submissions and now - self.submissions[0] > WINDOW:
            self.submissions.popleft()
        if len(self.submissions) >= self.rate_limit:
            return int(WINDOW - (now - self.submissions[0])) + 1
        self.submissions.append(now)
        return None

    def status(self, task_id: str) -> Answer:
        """Where a task stands."""
        task = self.tasks.get(task_id)
        if task is None:
            return 404, UNKNOWN_TASK
        task.looks += 1
        done = task.looks > self.finished_at
        has_files = task.looks > self.finished_at + self.lag
        answer = {
            "status": "FINISHED" if done else "IN_PROGRESS",
            "progress": 100 if done else 0,
            "failure_reason": None,
            "results": [
                {
                    "asset": self.link(task, number) if has_files and ending else None,
                    "asset_type": kind,
                    "metadata": None if ending else {"volume_cm3": 12.5},
                }
                for number, (kind, ending) in enumerate(task.results if done else ())
            ],
        }
        return 200, self.shape(answer)

    def link(self, task: Task, number: int) -> str:
        """A signed link: a new one at each look, which does not last."""
        ending = task.results[number][1]
        name = f"assets/{task.order.task_id}/{number}/model.{ending}"
        return f"{self.storage}/{name}?X-Amz-Signature={next(self.signatures)}"

    def expire_links(self) -> None:
        """All links that were given out are too old now."""
        self.links_from = next(self.signatures)

    def file(self, path: str, query: str, authorization: str) -> tuple[int, bytes]:
        """A file, for who has a link and shows no key."""
        if authorization:
            self.files_with_key += 1
            return 400, b"<Error><Code>InvalidArgument</Code></Error>"
        if path.startswith(PUBLIC):
            return 200, FILES[suffix_of(path)]
        if int(parse_qs(query)["X-Amz-Signature"][0]) < self.links_from:
            return 403, b"<Error><Code>AccessDenied</Code></Error>"
        return 200, FILES[suffix_of(path)]


def read_body(
    endpoint: Endpoint, content_type: str, data: bytes
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """The fields as they are meant, and what is wrong with them, by field."""
    if content_type == "application/json":
        if not endpoint.takes_json:
            return {}, {"non_field_errors": ["Only multipart/form-data."]}
        return read_json(endpoint, data)
    if content_type.startswith("multipart/form-data; boundary=") and endpoint.files:
        return read_form(endpoint, content_type, data)
    return {}, {"non_field_errors": [f"Unsupported media type {content_type}."]}


def read_json(endpoint: Endpoint, data: bytes) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Fields of a JSON object, each of exactly its type."""
    try:
        given = json.loads(data, parse_constant=_no_constant)
    except ValueError as error:
        return {}, {"non_field_errors": [f"JSON parse error: {error}"]}
    if not isinstance(given, dict):
        return {}, {"non_field_errors": ["Not an object."]}
    body: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for name, value in given.items():
        judge(endpoint, name, body, problems, value)
    return body, problems


def _no_constant(name: str) -> None:
    raise ValueError(f"{name} is not JSON")


def read_form(
    endpoint: Endpoint, content_type: str, data: bytes
) -> tuple[dict[str, Any], dict[str, list[str]]]:
    """Fields and files of a form; the fields are text."""
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + data)
    body: dict[str, Any] = {}
    problems: dict[str, list[str]] = {}
    for part in message.iter_parts():
        name = str(part.get_param("name", header="content-disposition"))
        content = part.get_payload(decode=True)
        assert isinstance(content, bytes)
        file_name = part.get_filename()
        if name in body or name in problems:
            problems[name] = ["Given twice."]
        elif file_name is None:
            judge(endpoint, name, body, problems, content.decode(), as_text=True)
        elif name not in endpoint.files:
            problems[name] = ["Unknown file part."]
        elif wrong := file_problem(file_name, part.get_content_type(), content, endpoint, name):
            problems[name] = [wrong]
        else:
            body[name] = file_name
    return body, problems


def judge(
    endpoint: Endpoint,
    name: str,
    body: dict[str, Any],
    problems: dict[str, list[str]],
    value: Any,
    *,
    as_text: bool = False,
) -> None:
    """Put a field into the body, or what is wrong with it into the problems."""
    if name not in endpoint.fields:
        problems[name] = ["Unknown field."]
        return
    known = endpoint.fields[name]
    try:
        body[name] = known.from_text(value) if as_text else known.judged(value)
    except Invalid as error:
        problems[name] = [str(error)]


MAGIC: Final = {"glb": b"glTF", "fbx": b"Kaydara FBX Binary", "usdz": b"PK", "zip": b"PK"}
MEDIA_TYPES: Final = {"glb": "model/gltf-binary", "png": "image/png", "jpg": "image/jpeg"}
ANY_TYPE: Final = "application/octet-stream"


def file_problem(
    file_name: str, media_type: str, content: bytes, endpoint: Endpoint, part: str
) -> str:
    """What is wrong with a file: its ending, its media type, or its first bytes."""
    ending = suffix_of(file_name)
    if ending not in endpoint.files[part]:
        return f"Files of {ending!r} are not taken."
    if media_type not in {MEDIA_TYPES.get(ending, media_type), ANY_TYPE}:
        return f"{media_type} is not the type of {ending}."
    if not content.startswith(MAGIC.get(ending, b"")):
        return "The content is not what the name says."
    kind = {"jpg": "jpeg"}.get(ending, ending)
    return picture_problem(content, kind) if kind in PICTURE_TYPES else ""


def rule_problems(endpoint: Endpoint, body: Mapping[str, Any]) -> dict[str, list[str]]:
    """What is missing, and what does not go together."""
    missing = {n: ["This field is required."] for n in endpoint.required if n not in body}
    if missing:
        return missing
    said = [words for rule in endpoint.rules if (words := rule(body))]
    return {"non_field_errors": said} if said else {}


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    service: StrictService
    is_storage = False

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
        pass

    def do_GET(self) -> None:
        self.serve(b"")

    def do_POST(self) -> None:
        self.serve(self.rfile.read(int(self.headers["Content-Length"])))

    def serve(self, data: bytes) -> None:
        """Answer, or what comes in place of it."""
        with self.service.lock:
            self.service.requests.append((self.command, urlsplit(self.path).path))
            stage = self.stage()
            self.service.before(stage)
            trouble = self.service.next_trouble(stage)
            works = trouble.done or not (trouble.status or trouble.cut)
            answer = self.answer(stage, data) if works else (0, b"")
            if trouble.status:
                answer = trouble.status, trouble.body
            if trouble.cut:
                self.close()
            else:
                self.send(answer[0], answer[1], trouble)

    def stage(self) -> str:
        """What kind of request this is."""
        if self.is_storage:
            return "file"
        if self.command == "POST":
            return "submit"
        return "wallet" if self.path == WALLET else "status"

    def answer(self, stage: str, data: bytes) -> Answer:
        """The answer without trouble."""
        service, parts = self.service, urlsplit(self.path)
        authorization = self.headers.get("Authorization", "")
        if stage == "file":
            return service.file(parts.path, parts.query, authorization)
        refused = service.unauthorized(authorization)
        if refused is not None:
            return refused
        if stage == "submit":
            return service.submit(self.path, self.headers.get("Content-Type", ""), data)
        if stage == "wallet":
            return service.wallet()
        steps = parts.path.split("/")
        known = steps[:3] == ["", "v1", "generation-request"] and steps[4:] == ["status", ""]
        return service.status(steps[3]) if known else (404, {"detail": "Not found."})

    def send(self, status: int, body: Any, trouble: Trouble) -> None:
        """Send bytes as they are, and anything else as JSON."""
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        media_type = "text/html" if isinstance(body, bytes) else "application/json"
        self.send_response(status)
        self.send_header("Content-Type", ANY_TYPE if self.is_storage else media_type)
        self.send_header("Content-Length", str(len(data)))
        for name, value in trouble.headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data[: len(data) - trouble.short_by])
        if trouble.short_by:
            self.close()

    def close(self) -> None:
        """End the connection at once."""
        self.close_connection = True
        self.wfile.flush()
        self.connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def strict_service() -> Iterator[StrictService]:
    """A service and its storage, on ports of their own."""
    service = StrictService()
    front = type("Front", (_Handler,), {"service": service})
    storage = type("Storage", (_Handler,), {"service": service, "is_storage": True})
    with (
        ThreadingHTTPServer(("127.0.0.1", 0), front) as api,
        ThreadingHTTPServer(("127.0.0.1", 0), storage) as files,
    ):
        service.address = f"http://127.0.0.1:{api.server_port}"
        service.storage = f"http://127.0.0.1:{files.server_port}"
        for server in (api, files):
            server.daemon_threads = True
            threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
        try:
            yield service
        finally:
            for server in (api, files):
                server.shutdown()
