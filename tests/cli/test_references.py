"""The documents made from the catalogue are the ones in the tree."""

from pathlib import Path

import pytest

from addon.catalog import Operation, operations
from addon.cli.exits import BY_CODE
from scripts.error_words import WHAT_HAPPENED, WHAT_TO_DO
from scripts.references import documents

DOCUMENTS = documents()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)
def test_generated_documents_are_up_to_date(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == DOCUMENTS[path], "run: python -m scripts.references"


@pytest.mark.parametrize("operation", operations(), ids=lambda operation: operation.name)
def test_every_operation_and_field_is_in_them(operation: Operation) -> None:
    texts = {path.name: text for path, text in DOCUMENTS.items()}
    skill, reference = texts["SKILL.md"], texts["api_reference.md"]
    assert f"3d_api_client.py {operation.name} " in skill
    for field in operation.fields:
        assert f"| `{field.name}` |" in reference


def test_every_code_of_trouble_is_explained() -> None:
    assert set(WHAT_HAPPENED) == set(BY_CODE)
    assert set(BY_CODE) > set(WHAT_TO_DO)
