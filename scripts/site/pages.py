"""What MkDocs asks while it builds the site: the pages beside ``docs/``, and where links lead."""

from pathlib import Path

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files
from mkdocs.structure.pages import Page

from scripts.site.links import OUTSIDE, with_links


def on_files(files: Files, *, config: MkDocsConfig) -> Files:
    """Take in the pages from outside ``docs/``."""
    for source, page in OUTSIDE.items():
        path = root_of(config) / source
        files.append(File.generated(config, page, abs_src_path=str(path)))
    return files


def on_page_markdown(markdown: str, *, page: Page, config: MkDocsConfig, **_: object) -> str:
    """Let links lead to pages."""
    return with_links(markdown, page.file.src_uri, root_of(config))


def root_of(config: MkDocsConfig) -> Path:
    """The folder of the repository."""
    return Path(config.config_file_path).parent
