"""Texts to be pasted into a letter: the notice of a revisit, and the request for documents.

They use a force's own titles on the day. What is in square brackets is left to the writer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from ncpi_rules.core import Modality, joined, lower_first, upper_first
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import Action, DocumentRequest, PlanDocument, RevisitDays

_DAY: Final = "[day]"


def notice(plan: PlanDocument) -> str:
    """Return the text of a notice: what follow-up it will be, when, and what will be done.

    Empty where the type of follow-up is to be decided, or the revisit has begun.

    >>> from ncpi_rules.plan import assess
    >>> facts = {"force": "metropolitan", "inspection_report": {"published": "2016-11-25"},
    ...     "decisions": [{"decision": "tier-chosen", "value": "post-inspection-visit",
    ...         "by": "HMICFRS", "on": "2017-02-01", "why": "unknown"}],
    ...     "fieldwork": {"begins": "2017-05-08"}}
    >>> for line in notice(assess(facts, on="2017-03-01").document).splitlines()[:5]:
    ...     print(line or ".")
    To the Commissioner of Police of the Metropolis, Metropolitan Police Service
    [Copy to the MOPAC (Mayor of London)]
    .
    Notice of a post-inspection visit
    .
    """
    fieldwork, headline = plan.fieldwork, plan.headline
    if fieldwork is None or headline is None or not headline.basis.settles:
        return ""
    begins, ends = fieldwork.begins, fieldwork.ends
    if begins is not None and begins.end <= plan.on.toordinal():
        return ""
    what = headline.label
    first = begins.text if begins is not None and begins.is_day else _DAY
    last = ends.text if ends is not None and ends.is_day else ""
    until = f" and end on {last}" if last and first != _DAY else ""
    lines = [*_head(plan), "", f"Notice of {what}", ""]
    lines.append(f"{upper_first(what)} will begin on {first}{until}.")
    lines += _activities(plan, fieldwork)
    lines += ["", *_foot(())]
    return "\n".join(map(printable, lines)) + "\n"


def document_request(plan: PlanDocument) -> str:
    """Return the text that asks for documents: those that are suggested, then the others.

    Empty where the plan has none that may be asked for, or the revisit is over.
    """
    ends = plan.fieldwork.ends if plan.fieldwork is not None else None
    if ends is not None and ends.end < plan.on.toordinal():
        return ""
    requests = [request for request in plan.documents if _is_current(request, plan)]
    if not requests:
        return ""
    what = plan.headline.label if plan.headline and plan.headline.value else "the follow-up"
    suggested = [request for request in requests if request.suggested]
    others = [request for request in requests if not request.suggested]
    lines = [*_head(plan), "", "Documents that we ask for", ""]
    lines.append(f"To prepare for {what}, please send us these documents by {_DAY}:")
    lines += ["", *map(_entry, suggested or others)]
    if suggested and others:
        lines += ["", "[Take out what is not asked for.] We may also ask for:", ""]
        lines += map(_entry, others)
    elif not suggested:
        lines += ["", "[Take out what is not asked for: nothing that is recorded suggests one.]"]
    of_requests = {id_ for request in requests for id_ in request.statements}
    lines += ["", *_foot(id_ for id_ in plan.statements if id_ in of_requests)]
    return "\n".join(map(printable, lines)) + "\n"


def letter_texts(plan: PlanDocument) -> str:
    """Return the notice and the request of a plan, each under a rule, or why there is neither."""
    texts = [text for text in (notice(plan), document_request(plan)) if text]
    if not texts:
        return f"{plan.subject_name}: there is nothing to give notice of and nothing to ask for.\n"
    return f"\n{'-' * 60}\n\n".join(texts)


def _head(plan: PlanDocument) -> Iterator[str]:
    if plan.edited:
        yield f"[{plan.edited_notice}]"
    if plan.chief_officer is None:
        yield f"To [name and office], {plan.subject_name}"
        return
    yield f"To the {plan.chief_officer}, {plan.subject_name}"
    yield f"[Copy to the {plan.local_policing_body}]"


def _foot(cited: Iterable[str]) -> Iterator[str]:
    if cited := list(cited):
        yield f"[Statements of the methodology: {', '.join(cited)}.]"
        yield ""
    yield "[Name and office]"


def _is_current(item: Action | DocumentRequest, plan: PlanDocument) -> bool:
    current = plan.revisits[-1].number if plan.revisits else item.revisit
    return item.revisit in {None, current}


def _activities(plan: PlanDocument, fieldwork: RevisitDays) -> Iterator[str]:
    """Yield what will be done at the revisit, and what may be, but not by its reader."""
    reader = {
        to
        for action in plan.required_actions
        if action.event in fieldwork.notices
        for to in action.to
    }
    at_revisit = [
        action
        for action in (*plan.required_actions, *plan.optional_actions)
        if action.beside == fieldwork.event
        and _is_current(action, plan)
        and action.by not in reader
    ]
    for verb, is_certain in (("will", True), ("may also", False)):
        of_kind = [
            action for action in at_revisit if (action.modality is Modality.MUST) is is_certain
        ]
        for by in dict.fromkeys(action.by for action in of_kind):
            own = (action for action in of_kind if action.by == by)
            yield from ("", f"{upper_first(by)} {verb}:", "", *_listed(own))


def _listed(actions: Iterable[Action]) -> Iterator[str]:
    for action in actions:
        does = action.does.removeprefix(action.modality.verb).strip()
        parties = [party for party in action.to if party not in does]
        beside = f" ({joined(parties, 'and')})" if parties else ""
        yield f"- {does}{beside}"


def _entry(request: DocumentRequest) -> str:
    because = f" ({joined(request.prompted_by, 'and')})" if request.prompted_by else ""
    return f"- {lower_first(request.sentence.rstrip('.'))}{because}"
