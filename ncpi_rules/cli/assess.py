"""The command ``assess``."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules import io
from ncpi_rules import plan as plan_room
from ncpi_rules import report as pages
from ncpi_rules.cli.options import (
    TODAY,
    CaseOptions,
    EngineName,
    FollowUpFile,
    OutputName,
    PlanFormat,
    PreviousName,
    ReviewName,
    expanded,
    inputs_of,
)
from ncpi_rules.cli.output import (
    GOOD,
    SOME_FILE_BAD,
    Format,
    check_output,
    makers_of,
    refuse,
    review_address,
    show_as,
    text_width,
    tracked,
    write_result,
)
from ncpi_rules.core import NcpiRulesError, format_day

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ncpi_rules.plan import Plan, PlanDocument

_NOT_HEADED: Final = {
    "ics": (
        "A calendar does not say what has changed: its entries replace those before.",
        "Name the calendar written before: --previous FILE.ics",
    ),
    "letters": (
        "A letter does not say what has changed: its reader has not seen the earlier plan.",
        "Leave out --since, or add: --format html",
    ),
}
"""The formats that do not say first what has changed, each with why, and what helps."""

_MORE: Final = "Add --full for every action and reason, or --format html for a page."
_MORE_OF_SEVERAL: Final = "Name one file for its summary, or add --format html for a page of all."


def assess(
    *file: FollowUpFile,
    options: CaseOptions = TODAY,
    engine: EngineName = None,
    format_: PlanFormat = "text",
    output: OutputName = None,
    previous: PreviousName = None,
    review: ReviewName = None,
    full: bool = False,
    since: str | None = None,
    record: str | None = None,
    mask_names: bool = False,
    replace: bool = False,
) -> int:
    """Print the plan of each follow-up.

    A file that cannot be used does not stop the others; the exit status is then 1.

    :param full: Print all of each plan as text, and not its summary alone: every action, date and
    reason.
    :param since: An earlier record of the same follow-up: what has changed since comes first.
    :param record: A file to write, with all that is needed to repeat the assessment of one
    follow-up.
    :param mask_names: Leave names of people, and text that may hold some, out of all that is
    printed or written.
    :param replace: Let what is written replace other files of the same name.
    """
    if not file:
        refuse("No file is named.", "Write: ncpi-rules assess FILE")
    if full and format_ != "text":
        refuse("Every other format has all of a plan.", "Leave out --full, or the format.")
    names = list(expanded(file))
    if since is not None:
        _check_since(format_, names)
    writes = record is not None or output is not None
    inputs = inputs_of(names, options.ruleset) if writes else []
    if replace and not writes:
        refuse("There is no file to write.", "Add: --record FILE, or --output FILE")
    if record is not None:
        if len(names) > 1:
            refuse("A record holds one follow-up, and several files are named.", "Name only one.")
        io.refuse_input(record, inputs, NcpiRulesError)
    check_output(format_, output, previous, inputs)
    address = review_address(review, format_, output)
    assessor = options.assessor(engine, mask_names=mask_names)
    plans = [
        plan for name in tracked(names, "Follow-ups") if (plan := assessor.plan(name)) is not None
    ]
    if record is not None:
        for plan in plans:
            plan_room.record(plan, mask_names=mask_names).write(record, replace=replace)
    earlier = _earlier(since, plans, mask_names=mask_names)
    if plans or len(names) > 1:
        several = len(names) > 1
        write_result(
            format_,
            lambda printed: _show(
                plans, printed, earlier, several=several, full=full, review=address
            ),
            makers_of(plans, previous, output, earlier),
            output=output,
            replace=replace,
        )
    return GOOD if len(plans) == len(names) else SOME_FILE_BAD


def _check_since(format_: str, names: Sequence[str]) -> None:
    """Refuse a format that does not say what has changed, and several follow-ups."""
    if format_ in _NOT_HEADED:
        refuse(*_NOT_HEADED[format_])
    if len(names) > 1:
        refuse("A record is of one follow-up, and several files are named.", "Name only one.")


def _earlier(name: str | None, plans: Sequence[Plan], *, mask_names: bool) -> PlanDocument | None:
    """Return the plan in a record, or None where none is named; refuse one of another subject."""
    if name is None or not plans:
        return None
    record, plan = plan_room.Record.read(name), plans[0]
    if record.edited:
        refuse(f"'{name}' is not as it was written.", f"Look at it: ncpi-rules replay {name}")
    if record.plan.subject != plan.subject:
        message = f"'{name}' is about {record.plan.subject_name}, not {plan.subject_name}."
        refuse(message, "Name a record of the same follow-up.")
    if record.on > plan.on:
        day = format_day(record.on.toordinal())
        message = f"'{name}' has the position as at {day}, which is later than that of the plan."
        refuse(message, "Name an earlier record, or assess on a later day.")
    if mask_names and not record.masked:
        refuse(
            f"'{name}' may have names of people in it.",
            "Name a record that was written with --mask-names.",
        )
    return record.plan


def _show(
    plans: Sequence[Plan],
    format_: Format,
    earlier: PlanDocument | None,
    *,
    several: bool,
    full: bool,
    review: str,
) -> None:
    """Print plans: as JSON one object, or a list wherever several files were named."""
    documents = [plan.document for plan in plans]
    between = f"\n\n{'=' * text_width()}\n\n\n"
    show_as(
        format_,
        json=lambda: (
            [document.to_dict() for document in documents]
            if several
            else _to_dict(documents[0], earlier)
        ),
        text=lambda width: (
            between.join(pages.text(plan, width=width, since=earlier) for plan in documents)
            if full
            else _summary(documents, earlier, several=several, width=width)
        ),
        markdown=lambda: "\n---\n\n".join(
            pages.markdown(plan, since=earlier) for plan in documents
        ),
        html=lambda: pages.html(*documents, since=earlier, review=review) if documents else "",
    )


def _to_dict(plan: PlanDocument, earlier: PlanDocument | None) -> dict[str, Any]:
    """Return the JSON of a plan, with what has changed since an earlier one if there is one."""
    return (plan if earlier is None else plan_room.PlanSince.of(earlier, plan)).to_dict()


def _summary(
    documents: Sequence[PlanDocument], earlier: PlanDocument | None, *, several: bool, width: int
) -> str:
    """Return one screen for a plan, and a line for each of several."""
    if not several:
        return pages.summary(documents[0], width=width, more=_MORE, since=earlier)
    return pages.summary_lines(documents, width=width, more=_MORE_OF_SEVERAL)
