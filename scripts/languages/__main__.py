"""Bring the tables of the interface's languages in step with what the interface says.

``python -m scripts.languages`` adds what is missing with ``null`` for a translation, takes out what
nobody says any more, and lists what is to be translated. ``--check`` only lists it all.
"""

import argparse
import sys
from collections.abc import Iterable, Mapping

from scripts.languages import tables


def main() -> int:
    """Run the command line: 1 where ``--check`` finds something to do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing")
    check = parser.parse_args().check
    found = {language: tables.read(language) for language in tables.LANGUAGES}
    gone = {language: tables.left_over(table) for language, table in found.items()}
    found = {language: tables.in_step(table) for language, table in found.items()}
    if not check:
        for language, table in found.items():
            tables.write(language, table)
    to_do = {language: tables.untranslated(table) for language, table in found.items()}
    tell("To be translated, in place of null" if not check else "Not translated", to_do)
    tell("Taken out" if not check else "Not said any more", gone)
    return 1 if check and (any(gone.values()) or any(to_do.values())) else 0


def tell(what: str, texts: Mapping[str, Iterable[str]]) -> None:
    """List the texts, each with its languages; nothing where there are none."""
    for number, (text, languages) in enumerate(sorted(tables.by_text(texts).items())):
        heading = "" if number else f"{what}:\n"
        sys.stderr.write(f"{heading}  {text!r}: {', '.join(languages)}\n")


if __name__ == "__main__":
    sys.exit(main())
