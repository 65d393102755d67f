"""What plans of a ruleset share: the parts of their items that are the same in every plan."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from functools import cached_property
from typing import TYPE_CHECKING, Any, TypeAlias, TypeVar

from attrs import field, frozen

from ncpi_rules.core import Memo, Naming, PartialDate, Subject, as_head, sentence, upper_first
from ncpi_rules.plan.document import (
    Action,
    Alert,
    DocumentRequest,
    InterpretationTaken,
    PlanOutcome,
    Question,
)
from ncpi_rules.ruleset import Ruleset, cited, interpretation_order, name_events

if TYPE_CHECKING:
    from ncpi_rules.core import Status
    from ncpi_rules.deadlines import Days
    from ncpi_rules.ruleset import (
        ActionRule,
        DeadlineRule,
        DecidedOutcome,
        DocumentRule,
        QuestionRule,
        Rule,
    )

ItemState: TypeAlias = "tuple[Days | None, Status, str, str]"
"""The nearest due date of an action, its status, the tag and the line under it."""

T = TypeVar("T")


def grounds_of(rule: Rule) -> dict[str, Any]:
    """Return the rule, the statements and the interpretations behind an item, by their names."""
    return {
        "rules": (rule.rule,),
        "case": rule.case,
        "revisit": None,
        "statements": rule.statements,
        "interpretations": rule.open_questions,
    }


@frozen
class Names:
    """The names of the parties of a ruleset, for one subject on a day, or until a later one."""

    ruleset: Ruleset
    subject: Subject
    day: int
    naming: Naming
    last: int | None = None

    def term(self, party: str) -> str:
        """Return the methodology's own term."""
        return self.ruleset.parties[party].title

    def office(self, role: str) -> str | None:
        """Return the title of an office in the subject, or None where there is none."""
        return self.subject.title(role, self.day, self.last) or None

    def local(self, party: str) -> str:
        """Return the local title, or nothing where it is the term itself."""
        known = self.ruleset.parties[party]
        local = known.local.get(self.subject.country.casefold(), "")
        if known.office:
            local = self.office(known.office) or ""
        same = local.casefold().removeprefix("the ") == known.title.casefold().removeprefix("the ")
        return "" if same else local

    def name(self, party: str) -> str:
        """Return the term, with the local title beside it where there is one.

        >>> from ncpi_rules.core import force
        >>> from ncpi_rules.ruleset import shipped_ruleset
        >>> names = Names(shipped_ruleset(), force("metropolitan"), 736873, Naming.BESIDE)
        >>> names.name("chief-officer")
        'the chief constable (here: Commissioner of Police of the Metropolis)'
        """
        local = self.local(party) if self.naming is Naming.BESIDE else ""
        term = self.term(party)
        return f"{term} (here: {local})" if local else term


@frozen(eq=False, repr=False, slots=False)
class Templates:
    """Items of plans of a ruleset, under the names that the parties have for some subjects."""

    ruleset: Ruleset
    names: Names
    _items: Memo[Hashable, Any] = field(factory=Memo, init=False)
    _constants: dict[str, dict[str, Any]] = field(factory=dict, init=False)

    def _constant(self, rule: Any, make: Callable[[Any], dict[str, Any]]) -> dict[str, Any]:
        """Return the fields of an item that are the same in every plan."""
        fields = self._constants.get(rule.id)
        if fields is None:
            fields = self._constants[rule.id] = make(rule) | grounds_of(rule)
        return fields

    def _once(self, key: Hashable, make: Callable[[], T]) -> T:
        """Return the part for a key, made when it is first asked for."""
        part: T | None = self._items.get(key)
        return self._items.remember(key, make()) if part is None else part

    @cached_property
    def _headings(self) -> dict[str, str]:
        """Return the heading under which each event is listed, by the event."""
        headings, heading = {"": ""}, ""
        for id_, event in self.ruleset.events.items():
            heading = event.heading or heading
            headings[id_] = heading
        return headings

    def action(
        self,
        rule: ActionRule,
        state: ItemState,
        decision: str | None = None,
        entry: tuple[str, str] | None = None,
    ) -> Action:
        """Return an action; ``entry`` is the slug and the name of the area that it is about."""
        key = rule.id, state, decision, entry
        item: Action | None = self._items.get(key)
        if item is None:
            item = self._items.remember(key, self._action(rule, *key[1:]))
        return item

    def _action(
        self,
        rule: ActionRule,
        state: ItemState,
        decision: str | None,
        entry: tuple[str, str] | None,
    ) -> Action:
        fields = self._constant(rule, self._action_fields)
        due, status, tag, line = state
        if entry is not None:
            slug, name = entry
            does = f"{fields['does']}: {name}"
            text = sentence(f"{self.names.term(rule.by)} {does}")
            own = {"id": f"{rule.rule}[{slug}]", "of": name, "does": does, "sentence": text}
            fields = {**fields, **own}
        return Action(
            **fields,
            due=None if due is None else PartialDate.between(*due),
            status=status,
            status_label=tag,
            status_line=line,
            decision=decision,
        )

    def _action_fields(self, rule: ActionRule) -> dict[str, Any]:
        activity = self.ruleset.activities[rule.does]
        does = f"{rule.modality.verb} {activity.title}"
        if rule.extent:
            does += f" ({rule.extent})"
        return {
            "id": rule.rule,
            "sentence": sentence(f"{self.names.term(rule.by)} {does}"),
            "by": self.names.name(rule.by),
            "does": does,
            "activity": rule.does,
            "event": rule.completes or None,
            "heading": self._headings[rule.completes or activity.beside] or None,
            "beside": activity.beside or None,
            "to": tuple(map(self.names.name, rule.to)),
            "of": None,
            "modality": rule.modality,
        }

    def request(
        self, rule: DocumentRule, *, suggested: bool | None, prompted_by: tuple[str, ...]
    ) -> DocumentRequest:
        """Return a request for a document."""
        key = rule.id, suggested, prompted_by
        return self._once(
            key,
            lambda: DocumentRequest(
                **self._constant(rule, self._request_fields),
                suggested=suggested,
                prompted_by=prompted_by,
            ),
        )

    def _request_fields(self, rule: DocumentRule) -> dict[str, Any]:
        return {
            "id": rule.rule,
            "sentence": sentence(self.ruleset.documents[rule.document].title),
            "document": rule.document,
            "by": self.names.name(rule.by),
            "of": self.names.name(rule.of),
            "modality": rule.modality,
        }

    def deadline_fields(self, rule: DeadlineRule) -> dict[str, Any]:
        """Return the fields of a deadline that are the same in every plan."""
        return self._constant(rule, self._deadline_fields)

    def _deadline_fields(self, rule: DeadlineRule) -> dict[str, Any]:
        event = self.ruleset.events[rule.event]
        return {
            "id": rule.rule,
            "sentence": sentence(rule.title),
            "event": rule.event,
            "event_title": event.title,
            "label": event.label or upper_first(event.title),
            "by": self.names.name(rule.by),
            "modality": rule.modality,
            "limit": name_events(self.ruleset, rule.limit) or None,
        }

    def question(self, rule: QuestionRule) -> Question:
        """Return a question to answer."""
        return self._once(
            rule.id,
            lambda: Question(
                id=rule.rule, sentence=rule.ask, by=self.names.name(rule.by), **grounds_of(rule)
            ),
        )

    def alert(self, rule: Rule, text: str, id_: str) -> Alert:
        """Return an alert about a rule."""
        key = rule.id, id_, text  # the cases of a rule rest on different interpretations
        return self._once(key, lambda: Alert(id=id_, sentence=text, **grounds_of(rule)))

    def outcome(self, decided: DecidedOutcome) -> PlanOutcome:
        """Return what was decided of an outcome."""
        key = (
            decided.outcome,
            decided.value,
            decided.basis,
            tuple(rule.id for rule in decided.rules),
        )
        return self._once(key, lambda: self._outcome(decided))

    def _outcome(self, decided: DecidedOutcome) -> PlanOutcome:
        outcome, rules = self.ruleset.outcomes[decided.outcome], decided.rules
        values = [value for value in outcome.values if value != outcome.none]
        questions = {id_ for rule in rules for id_ in rule.open_questions}
        return PlanOutcome(
            outcome=outcome.id,
            title=outcome.title,
            short_title=outcome.label or as_head(outcome.title),
            value=decided.value,
            label=outcome.values[decided.value or outcome.none],
            rank=values.index(decided.value) + 1 if decided.value in values else None,
            ranks=len(values),
            basis=decided.basis,
            basis_label=decided.basis.label,
            reasons=tuple(rule.title for rule in rules),
            rules=decided.rule_ids,
            statements=cited(rules),
            interpretations=tuple(sorted(questions, key=interpretation_order)),
        )

    def interpretation(self, id_: str, answer: str) -> InterpretationTaken:
        """Return an open question with the answer that is taken."""
        key = id_, answer
        asked = self.ruleset.interpretations[id_]
        return self._once(
            key,
            lambda: InterpretationTaken(
                id=id_,
                question=asked.question,
                answer=answer,
                sentence=asked.answers[answer],
                ours=asked.ours,
                agreed_by=asked.agreed_by,
            ),
        )


@frozen(eq=False, repr=False)
class Offices:
    """The offices of a subject on a day, and the templates of its plans."""

    chief_officer: str | None
    local_policing_body: str | None
    templates: Templates
