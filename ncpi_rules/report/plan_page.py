"""What a plan's page says, part by part, before anything is laid out.

Text, Markdown and HTML are laid out from this, so they say the same in the same order. It is made
from what ``Plan.to_dict`` publishes and from nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from ncpi_rules.core import (
    Modality,
    counted,
    format_days,
    format_edition,
    format_iso_day,
    format_span,
    joined,
    stopped,
    upper_first,
)
from ncpi_rules.report.marks import PROGRESS
from ncpi_rules.report.parts import Cell, Column, Contents, Item, Mark, Row, Section, Table

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from ncpi_rules.report.parts import PlainPlan

_STANDS: Final = {
    "met": Mark.GOOD,
    "late": Mark.BAD,
    "too-early": Mark.BAD,
    "overdue": Mark.BAD,
    "planned": Mark.WAITING,
    "open": Mark.WAITING,
    "cannot-tell": Mark.UNKNOWN,
    "unknown": Mark.UNKNOWN,
    "no-date": Mark.NONE,
}
_SUGGESTED: Final = {
    True: ("Suggested", Mark.GOOD),
    None: ("Not known", Mark.UNKNOWN),
    False: ("Not suggested", Mark.NONE),
}


def contents(plan: PlainPlan) -> Contents:
    """Return what the page of a plan says."""
    sections = (
        _tier(plan),
        _alerts(plan),
        _steps(plan),
        _deadlines(plan),
        _options(plan),
        _documents(plan),
        _questions(plan),
        _unknown(plan),
        _interpretations(plan),
        _engine(plan),
    )
    return Contents(
        title=f"Follow-up plan: {plan['force_name']}",
        subject=plan["force_name"],
        facts=(
            ("Position as at", plan["on_says"]),
            ("Methodology", f"{plan['title']}, edition {format_edition(plan['edition'])}"),
            ("Chief officer", plan["chief_officer"]),
            ("Local policing body", plan["local_policing_body"]),
        ),
        sections=tuple(each for each in sections if each is not None),
    )


def _reference(item: Mapping[str, Any], *, id_: str | None = None) -> str:
    """Return an item's id, its statements and its interpretations, as quietly as possible."""
    parts = (
        item["id"] if id_ is None else id_,
        ", ".join(item["statements"]),
        ", ".join(item["interpretations"]),
    )
    return "; ".join(part for part in parts if part)


def _tier(plan: PlainPlan) -> Section | None:
    tier, others = plan["tier"], list(plan["outcomes"].values())
    if tier is None:
        if not others:
            return None
        told = [line for each in others for line in (_outcome(each), *_because(each, plan))]
        items = tuple(Item(line) for line in told)
        return Section("What is decided", items=items)
    rest = tuple(Item(_outcome(each), _reference(each, id_="")) for each in others)
    return Section(
        tier["title"],
        answer=f"{upper_first(tier['says'])} ({tier['basis_sentence']}).",
        lead=tuple(_because(tier, plan)),
        items=rest,
        reference=_reference(tier, id_="tier"),
    )


def _outcome(decided: Mapping[str, Any]) -> str:
    return f"{decided['title']}: {decided['says']} ({decided['basis_sentence']})."


def _because(decided: Mapping[str, Any], plan: PlainPlan) -> Iterator[str]:
    for told in decided["because"]:
        yield f"Because: {stopped(told)}"
    agreed = {each["id"]: each["agreed_by"] for each in plan["interpretations"]}
    for id_ in decided["interpretations"]:
        yield f"This rests on interpretation {id_} (agreed by: {agreed.get(id_, 'not recorded')})."


def _alerts(plan: PlainPlan) -> Section | None:
    items = tuple(Item(each["says"], _reference(each)) for each in plan["alerts"])
    return Section("Please note", items=items, warns=True) if items else None


_WORK: Final = (Column("Who", 20), Column("What", 44), Column("Last day", 18), Column("Done?", 12))
_WAITING: Final = "No date yet"
_NONE: Final = "None set"


def _steps(plan: PlainPlan) -> Section | None:
    if not plan["required_actions"]:
        return None
    caption = "Each action, by whom, and the last day for it"
    return Section("What is to be done", table=_work(plan, "required_actions", caption))


def _options(plan: PlainPlan) -> Section | None:
    if not plan["optional_actions"]:
        return None
    lead = "It is open whether these are done, and this plan chooses none of them."
    caption = "Each option, and who may take it"
    return Section("What may be done", (lead,), table=_work(plan, "optional_actions", caption))


def _work(plan: PlainPlan, which: str, caption: str) -> Table:
    deadlines = plan["deadlines"]
    return Table(caption, _WORK, tuple(_step(each, deadlines) for each in plan[which]), heads=1)


def _step(action: Mapping[str, Any], deadlines: Sequence[Mapping[str, Any]]) -> Row:
    does = action["does"]
    others = [party for party in action["to"] if party not in does]
    what = [stopped(does)]
    if others:
        what.append(f"This involves {joined(others, 'and')}.")
    if action["decision"]:
        what.append(action["decision"])
    status, mark = PROGRESS[action["status"]]
    cells = (
        Cell((upper_first(action["by"]),)),
        Cell(tuple(what)),
        Cell(tuple(_step_due(action, deadlines))),
        Cell((status,), mark),
    )
    return Row(cells, _reference(action))


def _step_due(action: Mapping[str, Any], deadlines: Iterable[Mapping[str, Any]]) -> Iterator[str]:
    if action["due"]:
        yield upper_first(format_span(action["due"]))
        return
    own = [each for each in deadlines if each["event"] == action["event"]]
    yield _WAITING if any(each["limit"] for each in own) else _NONE
    safe = [
        each["latest_compliant_date"]
        for each in own
        if each["latest_compliant_date"] and each["can_be_met"]
    ]
    if safe:
        yield f"Latest compliant date: {format_iso_day(min(safe))}."


def _deadlines(plan: PlainPlan) -> Section | None:
    if not plan["deadlines"]:
        return None
    titles = {each["id"]: each["title"] for each in plan["deadlines"]}
    return Section(
        "Deadlines",
        table=Table(
            "Each deadline, its last day, and where it stands",
            (Column("What", 36), Column("Who", 14), Column("Last day", 22), Column("Status", 22)),
            tuple(_deadline(each, titles, plan["on"]) for each in plan["deadlines"]),
        ),
    )


def _deadline(deadline: Mapping[str, Any], titles: Mapping[str, str], on: str) -> Row:
    what = [deadline["title"]]
    if deadline["limit"]:
        what.append(f"The limit: {stopped(deadline['limit'])}")
    if deadline["decision"]:
        what.append(deadline["decision"])
    cells = (
        Cell(tuple(what)),
        Cell((upper_first(deadline["by"]),)),
        Cell(tuple(_last_day(deadline, titles))),
        Cell(tuple(_stands(deadline, on)), _STANDS[deadline["status"]]),
    )
    return Row(cells, _reference(deadline))


def _last_day(deadline: Mapping[str, Any], titles: Mapping[str, str]) -> Iterator[str]:
    due, before = deadline["due"], deadline["working_day_before"]
    if due:
        yield upper_first(format_span(due))
    else:
        yield _WAITING if deadline["limit"] else _NONE
    if before:
        yield f"Not a working day; the working day before is {format_iso_day(before)}."
    if deadline["not_before"]:
        yield f"Not before {format_span(deadline['not_before'])}."
    safe = deadline["latest_compliant_date"]
    if safe and deadline["can_be_met"] and (due is None or safe != due["to"]):
        yield f"Latest compliant date: {format_iso_day(safe)}."
        for id_ in deadline["bound_by"]:
            if id_ != deadline["id"] and id_ in titles:
                yield f"This follows from: {titles[id_]}"


def _stands(deadline: Mapping[str, Any], on: str) -> Iterator[str]:
    """Yield what is told of a deadline's status; what is not known is never told as missed."""
    status, says = deadline["status"], upper_first(deadline["status_says"])
    late, left = deadline["late_by_days"], deadline["days_left"]
    if late is not None:
        says += f" by {format_days(late)}" + (" so far" if status == "overdue" else "")
    yield says
    if deadline["actual"]:
        yield f"Date given: {format_span(deadline['actual'])}."
    if left is not None:
        yield f"{format_days(left)} left."
    if status == "unknown":
        passed = deadline["due"] is not None and deadline["due"]["to"] < on
        more = "; the last day has passed" if passed else ""
        yield f"It is not recorded whether it has happened{more}."
    elif not deadline["can_be_met"] and status != "overdue":
        yield "This can no longer be met."


_SUGGESTION: Final = "A suggestion does not mean that a document is asked for."


def _documents(plan: PlainPlan) -> Section | None:
    if not plan["documents"]:
        return None
    asked = list(dict.fromkeys(_asks(each) for each in plan["documents"]))
    alone = len(asked) == 1
    rows = sorted(plan["documents"], key=lambda each: list(_SUGGESTED).index(each["suggested"]))
    return Section(
        "Documents",
        (*(f"{each} these documents." for each in asked if alone), _SUGGESTION),
        table=Table(
            "Each document, and what calls for it",
            (Column("Document", 44), Column("Suggested?", 16), Column("Prompted by", 34)),
            tuple(_document(each, told=not alone) for each in rows),
        ),
    )


def _asks(document: Mapping[str, Any]) -> str:
    verb = Modality(document["modality"]).verb
    return f"{upper_first(document['by'])} {verb} ask {document['of']} for"


def _document(document: Mapping[str, Any], *, told: bool) -> Row:
    suggested, mark = _SUGGESTED[document["suggested"]]
    called = tuple(map(upper_first, document["prompted_by"])) or ("Nothing that is recorded",)
    lines = (document["says"], f"{_asks(document)} this.") if told else (document["says"],)
    cells = (Cell(lines), Cell((suggested,), mark), Cell(called, listed=True))
    return Row(cells, _reference(document))


def _questions(plan: PlainPlan) -> Section | None:
    if not plan["questions"]:
        return None
    by = list(dict.fromkeys(each["by"] for each in plan["questions"]))
    lead = (f"For {by[0]} to answer.",) if len(by) == 1 else ()
    items = tuple(
        Item(each["says"] if lead else f"{each['says']} ({each['by']})", _reference(each))
        for each in plan["questions"]
    )
    return Section("Questions to answer", lead, items)


def _unknown(plan: PlainPlan) -> Section | None:
    if not plan["unknown"]:
        return None
    return Section(
        "Still unknown",
        ("The answer that would change most comes first.",),
        table=Table(
            "What is not known, and what it would change",
            (Column("What", 36), Column("What it would change", 28), Column("Write it under", 32)),
            tuple(_unknown_row(each) for each in plan["unknown"]),
        ),
    )


def _unknown_row(unknown: Mapping[str, Any]) -> Row:
    changes = []
    if unknown["tiers_say"]:
        changes.append(f"Another answer may lead to {joined(unknown['tiers_say'], 'or')}.")
    if "rules_that_would_change" in unknown:
        rules = counted(unknown["rules_that_would_change"], "rule")
        changes.append(f"Up to {rules} would come or go.")
    if "deadlines_that_wait" in unknown:
        count = unknown["deadlines_that_wait"]
        changes.append(f"{counted(count, 'deadline')} {'waits' if count == 1 else 'wait'} for it.")
    cells = (Cell((stopped(unknown["says"]),)), Cell(tuple(changes)), Cell((unknown["place"],)))
    return Row(cells, unknown["fact"])


def _interpretations(plan: PlainPlan) -> Section | None:
    if not plan["interpretations"]:
        return None
    return Section(
        "Interpretations that this plan rests on",
        ("Where the methodology leaves a question open, one answer is taken; any can be changed.",),
        table=Table(
            "Each question, and the answer taken",
            (Column("Question", 42), Column("Answer taken", 38), Column("Agreed by", 14)),
            tuple(_interpretation(each) for each in plan["interpretations"]),
        ),
    )


def _interpretation(interpretation: Mapping[str, Any]) -> Row:
    answer = [interpretation["says"]]
    if interpretation["answer"] != interpretation["ours"]:
        answer.append(f"Asked for here; the usual answer is '{interpretation['ours']}'.")
    cells = (
        Cell((interpretation["question"],)),
        Cell(tuple(answer)),
        Cell((upper_first(interpretation["agreed_by"]),)),
    )
    return Row(cells, f"{interpretation['id']}={interpretation['answer']}")


def _engine(plan: PlainPlan) -> Section:
    told = (f"The engine {plan['engine']} decided which rules apply.", plan["engine_note"])
    lead = tuple(stopped(each) for each in told if each)
    return Section("How this was decided", lead, reference=f"{plan['ruleset']}/{plan['edition']}")
