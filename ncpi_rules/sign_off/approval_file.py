"""Writing ``approvals.yaml``: new approvals below those that stand there, all else as it was."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

import attrs
from attrs import frozen

from ncpi_rules.core import Problem, RulesetError
from ncpi_rules.io import read_as, read_text, read_yaml, write_whole, write_yaml
from ncpi_rules.report import wrapped
from ncpi_rules.ruleset import edition_folder
from ncpi_rules.sign_off.approvals import STEM, Approval, Approvals, approvals_file

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_NONE_YET: Final = re.compile(r"^(approvals:)[ \t]*\[[ \t]*\][ \t]*(?=\r?$)", re.MULTILINE)


@frozen(kw_only=True)
class NewApproval:
    """An approval that is to be written, with what its comment says that it is about."""

    approval: Approval
    sentences: tuple[str, ...]

    def lines(self, *, indent: str = "  ") -> Iterator[str]:
        """Yield its lines, below a comment."""
        for sentence in self.sentences:
            yield from wrapped(sentence, first=f"{indent}# ", rest=f"{indent}# ")
        approval = self.approval
        entry = {
            "of": approval.of,
            "by": approval.by,
            "on": approval.on.edtf,
            "note": approval.note,
        }
        written = write_yaml([{name: value for name, value in entry.items() if value}])
        yield from (f"{indent}{line}" for line in written.splitlines())
        yield f"{indent}  fingerprints:"
        # Between quotation marks: an editor would take some of them for numbers.
        parts = attrs.asdict(approval.fingerprints)
        yield from (f'{indent}    {name}: "{value}"' for name, value in parts.items())


def approvals_text(text: str, approvals: Sequence[NewApproval], *, name: str) -> str:
    r"""Return the text of a file of approvals with more of them at its end.

    Every line that stands there stays as it is. ``name`` is that of the file, for an error. Raises
    RulesetError where the text has another form than the library can add to.

    >>> from ncpi_rules.core import PartialDate
    >>> from ncpi_rules.sign_off import Fingerprints
    >>> parts = [field.name for field in attrs.fields(Fingerprints)]
    >>> approval = Approval(of="R1", by="A. Officer", on=PartialDate.read("2026-11-20"),
    ...                     fingerprints=Fingerprints(**dict.fromkeys(parts, "1" * 64)))
    >>> new = NewApproval(approval=approval, sentences=("Which decides?",))
    >>> text = approvals_text("# Ours.\napprovals: []\n", [new], name="approvals.yaml")
    >>> text.splitlines()[:5]
    ['# Ours.', 'approvals:', '  # Which decides?', '  - of: R1', '    by: A. Officer']
    """
    newline = "\r\n" if "\r\n" in text else "\n"
    before: tuple[Approval, ...] = ()
    indent, head = "  ", f"{text}{STEM}:{newline}"
    if text.strip():
        source = read_yaml(text, RulesetError, name=name)
        before = read_as(Approvals, source, RulesetError).approvals
        head = _NONE_YET.sub(r"\1", text)
        if before:
            _, column = source.values[STEM, 0]
            indent = " " * (column - 3)
    if not head.endswith("\n"):
        head += newline
    lines = (line for entry in approvals for line in entry.lines(indent=indent))
    written = head + "".join(f"{line}{newline}" for line in lines)
    try:
        source = read_yaml(written, RulesetError, name=name)
        after = read_as(Approvals, source, RulesetError).approvals
    except RulesetError:
        after = ()
    if after != (*before, *(entry.approval for entry in approvals)):
        raise RulesetError(
            Problem(
                place=name,
                message="Nothing can be added at the end of this file as it is written.",
                help="Print the lines with --print, and paste them where they belong.",
            )
        )
    return written


def add_approvals(where: Path | str, approvals: Iterable[NewApproval]) -> Path:
    """Write approvals into the file of a ruleset's folder, and return the file.

    The file is replaced as a whole or stays as it was. Raises RulesetError where it cannot be read
    or written, and where it has a form that the library cannot add to.
    """
    folder = edition_folder(where)
    path = approvals_file(folder) or folder / f"{STEM}.yaml"
    assert isinstance(path, Path)  # noqa: S101  the library is installed in folders
    text = read_text(path, RulesetError) if path.exists() else ""
    written = approvals_text(text, list(approvals), name=path.as_posix())
    write_whole(path, written.encode(), RulesetError, replace=True)
    return path
