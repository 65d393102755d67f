"""The outcomes of a case as one expression, generated from the rules, for languages that have ?:.

Days are whole numbers: what the dialect counts in, 0 where unknown, -1 where not yet.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from ncpi_rules.core import NOT_YET, UNKNOWN, Basis, Status, Unit
from tests.benchmarks.peers.cases import LET_OFF, ON
from tests.benchmarks.peers.held import Held, answers
from tests.benchmarks.peers.outcomes import KINDS, Outcomes, of_rules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from ncpi_rules.ruleset import Bound, DeadlineRule, OutcomeRule
    from tests.benchmarks.peers.cases import Case
    from tests.benchmarks.peers.held import Test


@frozen(kw_only=True)
class Dialect:
    """How a language says what differs.

    ``let`` names a value in the rest of an expression; ``months`` moves a day by months; ``day`` is
    how much one day counts, ``first`` the ordinal of the day that counts 0.
    """

    both: str
    either: str
    let: Callable[[str, str, str], str]
    months: Callable[[str, int], str]
    day: int = 1
    first: int = 0
    now: int = field(init=False)

    @now.default
    def _now(self) -> int:
        return (ON.toordinal() - self.first) * self.day


def variable(name: str) -> str:
    """Return a name that every language can read."""
    return name.replace("-", "_")


def event(name: str) -> str:
    """Return the variable that holds the day of an event."""
    return f"day_of_{variable(name)}"


def let_off(name: str) -> str:
    """Return the variable that holds the status of an event that is waived or varied."""
    return f"let_off_{variable(name)}"


def variables_of(held: Held, dialect: Dialect) -> Callable[[Case], dict[str, Any]]:
    """Return what turns a case into the variables of an expression."""
    interpretations = answers(held.ruleset) if held.interpretations else {}
    odd = {UNKNOWN: 0, NOT_YET: -1}

    def variables(case: Case) -> dict[str, Any]:
        days = {
            event(name): odd[when]
            if when is UNKNOWN or when is NOT_YET
            else (when.start - dialect.first) * dialect.day
            for name, when in case.dates.items()
        }
        values = {
            variable(name): value for name, value in {**case.values, **interpretations}.items()
        }
        statuses = {
            let_off(name): case.let_off[name].value if name in case.let_off else ""
            for name in LET_OFF
        }
        return {**values, **days, **statuses, "now": dialect.now}

    return variables


def expression(held: Held, dialect: Dialect) -> str:
    """Return the expression: a mapping of the outcomes, the rules that apply, and the deadlines."""
    say = _Sentences(held, dialect)
    names = [variable(name) for name in held.order]
    parts = [f'"{name}": {name}_rule' for name in names]
    parts += [
        f'"rules": {say.lists(held.of_kind(*KINDS), lambda rule: _text(rule.id))}',
        f'"deadlines": {say.lists(held.deadlines, say.stands)}',
    ]
    mapping = "{" + ", ".join(parts) + "}"
    first = event(held.ruleset.settings.selected_by)
    to_come = f"({first} == -1 {dialect.either} {first} > now)"
    mapping = dialect.let("to_begin", to_come, mapping)
    for name in reversed(held.order):
        mapping = dialect.let(variable(name), f"{variable(name)}_rule[1]", mapping)
        mapping = dialect.let(f"{variable(name)}_rule", say.outcome(name), mapping)
    return mapping


def answer(held: Held, dialect: Dialect) -> Callable[[Any], Outcomes]:
    """Return what turns the mapping that an expression gives into outcomes."""

    def outcomes(result: Any) -> Outcomes:
        rules = [result[variable(name)][0] for name in held.order]
        rules += [rule for group in result["rules"] for rule in group]
        deadlines = {
            id_: (
                None if due is None else int(due) // dialect.day + dialect.first,
                status,
                None if late is None else int(late),
            )
            for group in result["deadlines"]
            for id_, due, status, late in group
        }
        return of_rules(held.ruleset, filter(None, rules), deadlines)

    return outcomes


def _text(text: str) -> str:
    assert "'" not in text
    assert "\\" not in text
    return f"'{text}'"


@frozen
class _Sentences:
    held: Held
    dialect: Dialect

    def test(self, test: Test) -> str:
        """Return the expression that is true where a test is satisfied."""
        parts = []
        for fact, values in test:
            if len(values) == 1:
                parts.append(f"{variable(fact)} == {_text(values[0])}")
            else:
                parts.append(f"{variable(fact)} in [{', '.join(map(_text, values))}]")
        return f" {self.dialect.both} ".join(parts)

    def outcome(self, name: str) -> str:
        """Return the rule that decides an outcome, its value and basis."""
        none = self.held.ruleset.outcomes[name].none
        chain = f"['', {_text(none)}, {_text(Basis.REFERRED)}]"
        rule: OutcomeRule
        for rule in reversed(self.held.deciding(name)):
            says = ", ".join(map(_text, (rule.id, rule.then, rule.basis)))
            chain = f"{self.test(self.held.test(rule))} ? [{says}] : {chain}"
        return f"({chain})"

    def lists(self, rules: Iterable[Any], says: Callable[[Any], str]) -> str:
        """Return a list of lists: what is said of the rules that apply, by what they test."""
        parts = []
        for test, group in self.held.by_test(rules).items():
            listed = "[" + ", ".join(map(says, group)) + "]"
            parts.append(f"({self.test(test)} ? {listed} : [])" if test else listed)
        return "[" + ", ".join(parts) + "]"

    def moved(self, bound: Bound, day: str = "") -> str:
        """Return the day to which a bound leads from its anchor, or from another day."""
        anchor = day or event(bound.anchor)
        if bound.period.unit is Unit.MONTHS:
            moved = self.dialect.months(anchor, bound.direction * bound.period.count)
            days = bound.days
        else:
            assert bound.fixed is not None
            moved, days = anchor, bound.fixed
        return moved if days == 0 else f"({moved} {'+-'[days < 0]} {abs(days) * self.dialect.day})"

    def stands(self, rule: DeadlineRule) -> str:
        """Return where a deadline stands: its rule, due date, status and days late."""
        # The shipped rules have one due date at most, and one first day.
        last = next((bound for bound in rule.bounds if not bound.is_floor), None)
        first = next((bound for bound in rule.bounds if bound.is_floor), None)
        assert len(rule.bounds) == (last is not None) + (first is not None)
        actual, id_, both = event(rule.event), _text(rule.rule), self.dialect.both

        def row(status: Status, due: str = "null", late: str = "null") -> str:
            return f"[{id_}, {due}, {_text(status)}, {late}]"

        def late(status: Status, day: str, due: str) -> str:
            count = f"({day} - {due})"
            return row(
                status, due, count if self.dialect.day == 1 else f"{count} / {self.dialect.day}"
            )

        def happened(due: str, *, dated: bool) -> str:
            """Return where it stands if it has happened, and not after its due date."""
            done = row(Status.DONE if last is None else Status.MET, due)
            if last is not None and not dated:
                within = f"{event(last.anchor)} == -1 {both} {actual} <= {self.moved(last, 'now')}"
                done = f"({within} ? {done} : {row(Status.CANNOT_TELL)})"
            if first is None:
                return done
            anchor, early = event(first.anchor), row(Status.TOO_EARLY, due)
            to_come = f"{anchor} == -1 {both} {actual} < {self.moved(first, 'now')}"
            return (
                f"({anchor} > 0 ? ({actual} < {self.moved(first)} ? {early} : {done})"
                f" : ({to_come} ? {early} : {row(Status.CANNOT_TELL, due)}))"
            )

        def unless(due: str, stands: str) -> str:
            """Return where it stands if it is let off or nothing is owed yet, else as said."""
            before = (
                f"({actual} > now ? {row(Status.PLANNED, due)} : ({actual} > 0"
                f" ? {row(Status.DONE, due)} : {row(Status.NOT_STARTED, due)}))"
            )
            stands = f"(to_begin ? {before} : {stands})"
            if rule.event not in LET_OFF:
                return stands
            waived = let_off(rule.event)  # of what has no date only
            return f"({waived} != '' ? [{id_}, {due}, {waived}, null] : {stands})"

        done = happened("null", dated=False)
        undated = (
            f"({actual} > now ? {row(Status.PLANNED)} : ({actual} > 0 ? {done}"
            f" : ({actual} == 0 ? {row(Status.CANNOT_TELL)} : {row(Status.NOT_STARTED)})))"
        )
        if last is None:
            return unless("null", undated)
        due = self.moved(last)
        dated = (
            f"({actual} > {due} ? ({actual} > now ? {late(Status.PROJECTED_LATE, actual, due)}"
            f" : {late(Status.LATE, actual, due)})"
            f" : ({actual} > now ? {row(Status.PLANNED, due)}"
            f" : ({actual} > 0 ? {happened(due, dated=True)}"
            f" : (now <= {due} ? {row(Status.DUE, due)}"
            f" : ({actual} == 0 ? {row(Status.CANNOT_TELL, due)}"
            f" : {late(Status.OVERDUE, 'now', due)})))))"
        )
        dated, undated = unless(due, dated), unless("null", undated)
        return f"({event(last.anchor)} > 0 ? {dated} : {undated})"
