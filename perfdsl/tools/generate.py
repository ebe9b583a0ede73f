"""Files that are made from others: ``python -m perfdsl.tools.generate words tables pages manual schema``."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

from perfdsl.publish.pages import pages
from perfdsl.workspace.wordlist import write_tables, write_words

DOCS = Path("docs")
CLAUSES = Path("rulebooks") / "写法"


def write_pages() -> None:
    """Write ``docs/problems``, one page a problem code and the list of them, ``docs/写法对照.md`` and ``docs/语言参考.md``."""
    folder = DOCS / "problems"
    folder.mkdir(parents=True, exist_ok=True)
    made = pages()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    from perfdsl.publish import coverage as page
    from perfdsl.publish import reference
    from perfdsl.reports.coverage import coverage
    from perfdsl.reports.language import language

    (DOCS / "写法对照.md").write_text(page.page(coverage(CLAUSES)), encoding="utf-8", newline="\n")
    made_of = reference.page(language(CLAUSES.parent, DOCS / "手册.md"))
    (DOCS / "语言参考.md").write_text(made_of, encoding="utf-8", newline="\n")


def write_schema() -> None:
    """Write ``docs/schema``: the JSON Schemas of what ``run``, ``diff`` and ``docs`` print with ``--format json``."""
    from perfdsl.publish import choices, review_schema, schema

    folder = DOCS / "schema"
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "results.json").write_text(schema.json_schema(), encoding="utf-8", newline="\n")
    (folder / "choices.json").write_text(choices.json_schema(), encoding="utf-8", newline="\n")
    (folder / "diff.json").write_text(review_schema.json_schema(), encoding="utf-8", newline="\n")


def write_manual() -> None:
    """Fill the tables of words in ``docs/手册.md`` anew."""
    from perfdsl.publish.manual import refilled
    from perfdsl.workspace.wordlist import manual_tables

    path = DOCS / "手册.md"
    text = refilled(path.read_text(encoding="utf-8"), manual_tables())
    path.write_text(text, encoding="utf-8", newline="\n")


COMMANDS: dict[str, Callable[[], None]] = {
    "words": write_words,
    "tables": write_tables,
    "pages": write_pages,
    "manual": write_manual,
    "schema": write_schema,
}


def main(arguments: list[str]) -> int:
    """Run the commands named; 2 for one that does not exist."""
    unknown = [name for name in arguments if name not in COMMANDS]
    if unknown or not arguments:
        print(f"可以生成：{'、'.join(COMMANDS)}", file=sys.stderr)
        return 2
    for name in arguments:
        COMMANDS[name]()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
