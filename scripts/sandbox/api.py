"""The API server: wallet, submissions, status."""

from flask import Flask, Response, g, jsonify

from scripts.sandbox import gate, recording
from scripts.sandbox.contract import Endpoint
from scripts.sandbox.control import control
from scripts.sandbox.errors import ApiError
from scripts.sandbox.operations import ENDPOINTS
from scripts.sandbox.sandbox import Sandbox
from scripts.sandbox.status import status
from scripts.sandbox.submission import submit


def create_api(sandbox: Sandbox) -> Flask:
    """The application that answers like the service."""
    app = Flask("sandbox-api", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = sandbox.options.upload_limit
    app.json.sort_keys = False  # type: ignore[attr-defined]
    recording.install(app, sandbox, "api")
    gate.install(app, sandbox)
    app.extensions["sandbox"] = sandbox
    app.register_blueprint(control)
    for endpoint in ENDPOINTS.values():
        _add_submission(app, sandbox, endpoint)

    @app.get("/account/user/wallet/")
    def wallet() -> Response:
        balance = sandbox.wallet.balance(g.account)
        return jsonify({"balance": f"{balance:.2f}", "rate_limit": sandbox.behaviour.rate_limit})

    @app.get("/user/wallet/")
    def old_wallet() -> Response:
        if not sandbox.behaviour.old_wallet_path:
            raise ApiError(404, "Not found.", shape="detail")
        return wallet()

    @app.get("/v1/generation-request/<task_id>/status/")
    def task_status(task_id: str) -> Response:
        return status(sandbox, task_id)

    return app


def _add_submission(app: Flask, sandbox: Sandbox, endpoint: Endpoint) -> None:
    def view() -> Response:
        return submit(sandbox, endpoint)

    # A dot in an endpoint name means a blueprint to Flask.
    name = endpoint.path.replace(".", "_")
    app.add_url_rule(endpoint.path, name, view, methods=["POST"])
