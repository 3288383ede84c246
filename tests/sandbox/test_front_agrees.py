"""Two readings of the service's documentation agree: the product's catalogue and the sandbox.

Whatever the catalogue lets through, the sandbox accepts, at the price that the catalogue says.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from addon.catalog import (
    Field,
    InvalidRequest,
    Kind,
    Mode,
    Operation,
    build_request,
    encode,
    estimate,
    operations,
)
from scripts.sandbox.contract import Upload
from scripts.sandbox.operations import ENDPOINTS
from tests.sandbox.front import data_uri

PNG = data_uri()
ADDRESS = "https://example.com/thing.glb"
WAYS = [
    pytest.param(operation, mode, id=f"{operation.name}-{mode}")
    for operation in operations()
    for mode in operation.modes
]


def read(picture: str) -> str:
    assert picture
    return PNG


PLACE = st.sampled_from(["a.png", ADDRESS])
PLAIN: dict[Kind, st.SearchStrategy[Any]] = {
    Kind.TEXT: st.just("white"),
    Kind.SWITCH: st.booleans(),
    Kind.IMAGE: PLACE,
    Kind.MODEL: PLACE,
    Kind.IMAGES: st.lists(PLACE, min_size=1, max_size=3),
    Kind.NUMBERS: st.lists(st.integers(1, 50), min_size=1, max_size=3),
}


def one_value(field: Field) -> st.SearchStrategy[Any]:
    """A value that suits ``field``'s declaration."""
    if field.kind in PLAIN:
        return PLAIN[field.kind]
    low = 0 if field.minimum is None else field.minimum
    high = low + 1000 if field.maximum is None else field.maximum
    if field.kind is Kind.INTEGER:
        return st.integers(int(low), int(high))
    if field.kind is Kind.NUMBER:
        return st.floats(max(low, 0.01), high, allow_nan=False)
    names = [choice.value for choice in field.offered_choices()]
    if field.kind is Kind.CHOICE:
        return st.sampled_from(names)
    picked = st.lists(st.sampled_from(names[1:]), min_size=1, max_size=3, unique=True)
    return st.builds(lambda views: dict.fromkeys([names[0], *views], "a.png"), picked)


def values(operation: Operation, mode: Mode) -> st.SearchStrategy[dict[str, Any]]:
    """Settings for ``mode``: its starting point always, everything else now and then."""
    fields = [field for field in operation.fields if operation.belongs(field, mode)]
    needed = {f.name: one_value(f) for f in fields if f.required or f.source is mode}
    free = {f.name: one_value(f) for f in fields if f.name not in needed}
    return st.fixed_dictionaries(needed, optional=free)


def parse(path: str, body: Any, form: dict[str, str] | None, files: dict[str, str]) -> Any:
    """What the sandbox makes of a request."""
    endpoint = ENDPOINTS[path]
    if form is None:
        return endpoint.body.model_validate_json(json.dumps(body), strict=True)
    assert endpoint.multipart
    uploads = {name: Upload(Path(file), file) for name, file in files.items()}
    return endpoint.body.model_validate({**form, **uploads})


@pytest.mark.parametrize(("operation", "mode"), WAYS)
def test_the_catalogue_and_the_sandbox_agree(operation: Operation, mode: Mode) -> None:
    accepted = 0

    @settings(max_examples=40, deadline=None, derandomize=True, database=None)
    @given(values(operation, mode))
    def agree(chosen: dict[str, Any]) -> None:
        nonlocal accepted
        try:
            request = build_request(operation.name, chosen, mode)
        except InvalidRequest:
            return
        wire = encode(request, read)
        body = parse(wire.path, wire.json, wire.form, wire.files)
        assert body.price() == estimate(request).total
        accepted += 1

    agree()
    assert accepted
