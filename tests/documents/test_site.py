"""Where links of the documents lead on the site; `make docs` looks whether all of them do."""

import pytest

from scripts.build import ROOT
from scripts.site.links import OUTSIDE, with_links


@pytest.mark.parametrize(
    ("page", "written", "on_the_site"),
    [
        ("index.md", "[batches](docs/batch.md#the-list)", "[batches](batch.md#the-list)"),
        ("index.md", "![a](docs/images/a.webp)", "![a](images/a.webp)"),
        ("index.md", "[MIT](LICENSE)", "MIT"),
        ("batch.md", "[systems](systems.md)", "[systems](systems.md)"),
        ("batch.md", "![a](images/a.webp)", "![a](images/a.webp)"),
        ("batch.md", "[new](../CHANGELOG.md)", "[new](changelog.md)"),
        ("batch.md", "[code](../.editorconfig)", "code"),
        ("batch.md", "[code](../scripts/nothing.py)", "[code](../scripts/nothing.py)"),
        ("batch.md", "[web](https://example.org/a.md)", "[web](https://example.org/a.md)"),
        ("batch.md", "[here](#there)", "[here](#there)"),
        ("batch.md", "```text\n[a](../LICENSE)\n```", "```text\n[a](../LICENSE)\n```"),
        ("api_reference.md", "[skill](../SKILL.md)", "[skill](command_line.md)"),
    ],
)
def test_links_lead_to_pages(page: str, written: str, on_the_site: str) -> None:
    assert with_links(written, page, ROOT) == on_the_site


def test_pages_from_outside_take_no_name_of_another() -> None:
    assert all((ROOT / source).is_file() for source in OUTSIDE)
    own = {path.name for path in (ROOT / "docs").glob("*.md")}
    assert own.isdisjoint(OUTSIDE.values())
    assert len(set(OUTSIDE.values())) == len(OUTSIDE)
