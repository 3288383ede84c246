"""The documents made from the catalogue are the ones in the tree."""

from pathlib import Path

import pytest

from addon.catalog import Operation, operations
from scripts.references import documents

DOCUMENTS = documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_documents_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], "run: python -m scripts.references"


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_every_operation_and_field_is_in_them(operation: Operation) -> None:
    skill, reference = (DOCUMENTS[path] for path in sorted(DOCUMENTS))
    assert f"3d_api_client.py {operation.name} " in skill
    for field in operation.fields:
        assert f"| `{field.name}` |" in reference
