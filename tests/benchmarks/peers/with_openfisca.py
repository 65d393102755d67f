"""OpenFisca-core: every outcome as a variable with a formula, generated from the rules."""

from __future__ import annotations

import datetime
from functools import partial
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, Final

import numpy
import pyarrow
import pyarrow.compute
from attrs import frozen

from ncpi_rules.core import Basis, Happened, Modality, Status, Unit
from ncpi_rules.ruleset import ActionRule, DocumentRule
from tests.benchmarks.peers.cases import ON
from tests.benchmarks.peers.contestants import Cannot, Peer, TableContestant
from tests.benchmarks.peers.expressions import variable
from tests.benchmarks.peers.held import Held
from tests.swept import ruled

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from ncpi_rules.ruleset import Bound, DeadlineRule, Fact, Outcome, Rule, Ruleset
    from tests.benchmarks.peers.held import Test

Formula = Any
NONE: Final = "none"
"""The value where there is none: every row has one, for nothing can be empty."""

PERIOD: Final = str(ON)

EPOCH: Final = 719_163
TODAY: Final = ON.toordinal() - EPOCH
"""Days are counted from 1970; 0 is a day that is not known, -1 one that has not come yet."""


@frozen
class _Made:
    """What the variables of a ruleset are made from: one for each fact, test and outcome."""

    held: Held
    core: Any
    case: Any
    enums: dict[str, Any]
    variables: list[Any]

    def enum(self, name: str, values: Iterable[str]) -> Any:
        """Return the type of a value, made once."""
        if name not in self.enums:
            named = {f"w{at}": value for at, value in enumerate(values)}
            self.enums[name] = self.core.enum(name, named)
        return self.enums[name]

    def add(self, name: str, kind: Any, formula: Formula = None) -> str:
        """Add a variable, given or with a formula, and return its name."""
        body: dict[str, Any] = {
            "value_type": kind
            if isinstance(kind, type) and kind in {int, bool}
            else self.core.Enum,
            "entity": self.case,
            "definition_period": self.core.DAY,
            "label": name,
        }
        if body["value_type"] is self.core.Enum:
            body |= {"possible_values": kind, "default_value": next(iter(kind))}
        if formula is not None:
            body["formula"] = formula
        self.variables.append(type(variable(name).replace(".", "__"), (self.core.Variable,), body))
        return str(self.variables[-1].__name__)

    def values(self, name: str, values: Iterable[str], index: Callable[[Any, Any], Any]) -> None:
        """Add a variable whose value is that at an index that a formula works out."""
        kind = self.enum(name, values)

        def formula(case: Any, period: Any) -> Any:
            return self.core.EnumArray(index(case, period).astype(numpy.uint8), kind)

        self.add(name, kind, formula)


def _all(held: Held, core: Any) -> _Made:
    """Return all variables, in the order of what they need."""
    case = core.build_entity(key="case", plural="cases", label="A follow-up", is_person=True)
    made = _Made(held, core, case, {}, [])
    for name, fact in held.ruleset.facts.items():
        if name in held.ruleset.events:
            made.values(name, fact.values, partial(_state, name, fact))
        else:
            made.add(name, made.enum(name, fact.values))
    for name in held.ruleset.events:
        made.add(f"day of {name}".replace(" ", "-"), int)
    values: dict[str, Fact | Outcome] = {**held.ruleset.facts, **held.ruleset.outcomes}
    tests: dict[Test, str] = {}

    def holds(test: Test) -> str:
        """Return the variable that is true where a test is satisfied, made once."""
        if test not in tests:
            codes = [
                (variable(fact), [list(values[fact].values).index(value) for value in allowed])
                for fact, allowed in test
            ]
            tests[test] = made.add(f"test-{len(tests)}", bool, lambda case, _: _test(case, codes))
        return tests[test]

    for name in held.order:
        _outcome(made, name, holds)
    for name in ruled(held.ruleset):
        _flags(made, name, holds)
    for event in held.ruleset.events:
        _deadline(made, event, holds)
    return made


def _state(name: str, fact: Fact, case: Any, _: Any) -> Any:
    """Return whether an event that is a fact, too, has happened."""
    days, place = case(variable(f"day-of-{name}"), PERIOD), list(fact.values).index
    yes, no = place(Happened.YES), place(Happened.NO)
    come = numpy.where((days == -1) | (days > TODAY), no, yes)
    return numpy.where(days == 0, place(fact.unknown), come)


def _test(case: Any, codes: list[tuple[str, list[int]]]) -> Any:
    satisfied = numpy.ones(case.count, bool)
    for fact, allowed in codes:
        actual = case(fact, PERIOD).view(numpy.ndarray)
        allows = actual == allowed[0]
        for code in allowed[1:]:
            allows |= actual == code
        satisfied &= allows
    return satisfied


def _get(case: Any, names: list[str]) -> list[Any]:
    return [case(name, PERIOD) for name in names]


def _outcome(made: _Made, name: str, holds: Callable[[Test], str]) -> None:
    outcome, rules = made.held.ruleset.outcomes[name], made.held.deciding(name)
    tests = [holds(made.held.test(rule)) for rule in rules]
    values, basis = list(outcome.values), [member.value for member in Basis]
    of_value = [values.index(rule.then) for rule in rules]
    of_basis = [basis.index(rule.basis) for rule in rules]
    for column, kinds, codes, none in (
        (name, values, of_value, values.index(outcome.none)),
        (f"{name}.basis", basis, of_basis, basis.index(Basis.REFERRED)),
    ):
        made.values(column, kinds, partial(_of_the_applicable_rule, tests, codes, none))
    made.add(
        f"not-covered.{name}", bool, lambda case, _: ~numpy.logical_or.reduce(_get(case, tests))
    )


def _of_the_applicable_rule(
    tests: list[str], codes: list[int], none: int, case: Any, _: Any
) -> Any:
    return numpy.select(_get(case, tests), codes, default=none)


def _rules_of(held: Held, column: str) -> list[Rule] | None:
    """Return the rules of which one must hold for a column of true and false; None for others."""
    kind, _, name = column.partition(".")
    if name.endswith(".modality"):
        name = name.removesuffix(".modality")
    if kind in {"action", "option"}:
        option = kind == "option"
        steps = held.of_kind(ActionRule)
        return [step for step in steps if step.does == name and step.modality.is_optional == option]
    if kind == "document":
        return [rule for rule in held.of_kind(DocumentRule) if rule.document == name]
    if kind in {"question", "alert"}:
        return [rule for rule in held.rules if rule.rule == column]
    return None


def _flags(made: _Made, column: str, holds: Callable[[Test], str]) -> None:
    rules = _rules_of(made.held, column)
    if rules is None:
        return
    if not column.endswith(".modality"):
        tests = [holds(made.held.test(rule)) for rule in rules]
        made.add(column, bool, lambda case, _: _any(case, tests))
        return
    strongest = sorted(rules, key=lambda rule: -rule.modality.strength)  # type: ignore[attr-defined]
    tests = [holds(made.held.test(rule)) for rule in strongest]
    values = [NONE, *(member.value for member in Modality)]
    codes = [values.index(rule.modality) for rule in strongest]  # type: ignore[attr-defined]

    def formula(case: Any, _: Any) -> Any:
        if not tests:
            return numpy.zeros(case.count, numpy.uint8)
        return numpy.select(_get(case, tests), codes, default=0)

    made.values(column, values, formula)


def _any(case: Any, tests: list[str]) -> Any:
    is_true = numpy.zeros(case.count, bool)
    for name in tests:
        is_true |= case(name, PERIOD)
    return is_true


def _moved(case: Any, bound: Bound, *, to_come: bool) -> Any:
    """Return the days to which a bound leads, 0 where its anchor is not known.

    With ``to_come``, the days to which it leads from today, where its anchor is still to come.
    """
    day = anchor = case(variable(f"day-of-{bound.anchor}"), PERIOD)
    if to_come:
        anchor = numpy.where(day == -1, TODAY, 0)
    if bound.period.unit is Unit.MONTHS:
        moved = _months_after(anchor, bound.direction * bound.period.count) + bound.days
    else:
        assert bound.fixed is not None
        moved = anchor + bound.fixed
    return numpy.where(anchor > 0, moved, 0)


def _months_after(days: Any, months: int) -> Any:
    date = days.astype("datetime64[D]")
    month = date.astype("datetime64[M]")
    target = month + months
    last = (target + 1).astype("datetime64[D]") - 1
    moved = numpy.minimum(target.astype("datetime64[D]") + (date - month), last)
    return moved.astype(numpy.int32)


def _deadline(made: _Made, event: str, holds: Callable[[Test], str]) -> None:
    # A deadline that our interpretations leave out has its columns too, and they are empty.
    rules: list[DeadlineRule] = [rule for rule in made.held.deadlines if rule.event == event]
    tests = [holds(made.held.test(rule)) for rule in rules]
    day = variable(f"day-of-{event}")

    def select(*, is_floor: bool = False, to_come: bool = False) -> Formula:
        bounds = [next((b for b in rule.bounds if b.is_floor is is_floor), None) for rule in rules]

        def formula(case: Any, _: Any) -> Any:
            result = numpy.zeros(case.count, numpy.int32)
            for test, bound in zip(tests, bounds, strict=True):
                if bound is not None:
                    holding = case(test, PERIOD)
                    result = numpy.where(holding, _moved(case, bound, to_come=to_come), result)
            return result

        return formula

    last = made.add(f"{event}.due", int, select())
    first = made.add(f"first-{event}", int, select(is_floor=True))
    if_to_come = [
        made.add(f"last-to-come-{event}", int, select(to_come=True)),
        made.add(f"first-to-come-{event}", int, select(is_floor=True, to_come=True)),
    ]
    binding = made.add(f"binding-{event}", bool, lambda case, _: _any(case, tests))
    capped, floored = (
        [
            test
            for test, rule in zip(tests, rules, strict=True)
            if any(bound.is_floor is is_floor for bound in rule.bounds)
        ]
        for is_floor in (False, True)
    )
    values = [NONE, *(member.value for member in Status)]
    published = variable(f"day-of-{made.held.ruleset.settings.selected_by}")

    def status(case: Any, _: Any) -> Any:
        actual, until, since, binds = _get(case, [day, last, first, binding])
        latest, earliest = _get(case, if_to_come)
        begins = case(published, PERIOD)
        begun, dated, planned = (begins >= 0) & (begins <= TODAY), actual > 0, actual > TODAY
        is_late = dated & (until > 0) & (actual > until)
        in_time = ~_any(case, capped) | (until > 0) | ((latest > 0) & (actual <= latest))
        too_early = (since > 0) & (actual < since) | (earliest > 0) & (actual < earliest)
        not_early = ~_any(case, floored) | (since > 0)
        conditions = [
            (~binds, NONE),
            (~begun & planned, Status.PLANNED),
            (~begun & dated, Status.DONE),
            (~begun, Status.NOT_STARTED),
            (is_late & planned, Status.PROJECTED_LATE),
            (is_late, Status.LATE),
            (planned, Status.PLANNED),
            (dated & too_early, Status.TOO_EARLY),
            (dated & ~(in_time & not_early), Status.CANNOT_TELL),
            (dated & _any(case, capped), Status.MET),
            (dated, Status.DONE),
            ((until > 0) & (until >= TODAY), Status.DUE),
            (actual == 0, Status.CANNOT_TELL),
            (until > 0, Status.OVERDUE),
        ]
        tests, says = zip(*conditions, strict=True)
        codes = [values.index(status) for status in says]
        return numpy.select(tests, codes, values.index(Status.NOT_STARTED))

    made.values(f"{event}.status", values, status)
    basis = made.variables[-1].__name__
    late = [values.index(status) for status in (Status.LATE, Status.PROJECTED_LATE)]
    overdue = values.index(Status.OVERDUE)

    def late_by(case: Any, _: Any) -> Any:
        actual, until, code = _get(case, [day, last, basis])
        codes = code.view(numpy.ndarray)
        is_late = numpy.isin(codes, late)
        days = numpy.where(is_late, actual, TODAY) - until
        return numpy.where(is_late | (codes == overdue), days, 0)

    made.add(f"{event}.late-by", int, late_by)


def _core() -> Any:
    """Return what is used of the library, by name."""
    from openfisca_core.entities import build_entity  # noqa: PLC0415  where it is installed
    from openfisca_core.indexed_enums import Enum, EnumArray  # noqa: PLC0415
    from openfisca_core.periods import DateUnit  # noqa: PLC0415
    from openfisca_core.simulation_builder import SimulationBuilder  # noqa: PLC0415
    from openfisca_core.taxbenefitsystems import TaxBenefitSystem  # noqa: PLC0415
    from openfisca_core.variables import Variable  # noqa: PLC0415

    return SimpleNamespace(
        build_entity=build_entity,
        Enum=Enum,
        EnumArray=EnumArray,
        enum=Enum,
        DAY=DateUnit.DAY,
        build=SimulationBuilder.build_default_simulation,
        System=TaxBenefitSystem,
        Variable=Variable,
    )


def _columns(ruleset: Ruleset) -> list[TableContestant]:
    core, held = _core(), Held.of(ruleset)
    made = _all(held, core)
    system = core.System([made.case])
    system.add_variables(*made.variables)
    wanted = ruled(ruleset)
    names = {column: variable(column).replace(".", "__") for column in wanted}

    def prepare(table: pyarrow.Table) -> Any:
        simulation = core.build(system, table.num_rows)
        for name, array in _inputs(made, table):
            simulation.set_input(name, PERIOD, array)
        return simulation

    def run(simulation: Any) -> dict[str, Any]:
        return {column: simulation.calculate(name, PERIOD) for column, name in names.items()}

    def answer(calculated: dict[str, Any]) -> pyarrow.Table:
        return pyarrow.table(
            {name: _arrow(name, made, array) for name, array in calculated.items()}
        )

    return [
        TableContestant(
            name="OpenFisca, all outcomes",
            outcomes=tuple(wanted),
            prepare=prepare,
            run=run,
            answer=answer,
            rows=1_000_000,
            fresh=True,
        )
    ]


def _inputs(made: _Made, table: pyarrow.Table) -> Iterator[tuple[str, Any]]:
    for name, fact in made.held.ruleset.facts.items():
        if name in made.held.ruleset.events:
            continue  # its day says it
        column = table[name].combine_chunks()
        order = numpy.array(
            [list(fact.values).index(value) for value in column.dictionary.to_pylist()]
        )
        codes = order[column.indices.to_numpy()].astype(numpy.uint8)
        yield variable(name), made.core.EnumArray(codes, made.enum(name, fact.values))
    for name in made.held.ruleset.events:
        days = table[name].combine_chunks().cast(pyarrow.int32()).fill_null(0).to_numpy()
        if f"{name}.not-yet" in table.column_names:
            not_yet = table[f"{name}.not-yet"].combine_chunks().to_numpy(zero_copy_only=False)
            days = numpy.where(not_yet, numpy.int32(-1), days)
        yield variable(f"day-of-{name}"), days


def _arrow(name: str, made: _Made, array: Any) -> Any:
    """Return what a variable holds as a column of ``sweep``: what is none is empty."""
    if name in made.enums:
        values = [member.value for member in made.enums[name]]
        column = pyarrow.DictionaryArray.from_arrays(
            numpy.asarray(array).astype(numpy.int8), values
        ).cast(pyarrow.string())
        return pyarrow.compute.if_else(pyarrow.compute.equal(column, NONE), None, column)
    if array.dtype == bool:
        return pyarrow.array(array)
    column = pyarrow.array(array, mask=array == 0)
    return column.cast(pyarrow.date32()) if name.endswith(".due") else column


def _empty_day_is_the_first_of_1970() -> bool:
    core = _core()
    case = core.build_entity(key="case", plural="cases", label="A case", is_person=True)
    body = {
        "value_type": datetime.date,
        "entity": case,
        "definition_period": core.DAY,
        "label": "A day",
    }
    system = core.System([case])
    system.add_variables(type("day", (core.Variable,), body))
    days = core.build(system, 1).calculate("day", PERIOD)
    return bool(days[0] == numpy.datetime64("1970-01-01"))


def _month_is_its_first_day() -> bool:
    from openfisca_core.periods import instant  # noqa: PLC0415  where it is installed

    return str(instant("2018-06")) == "2018-06-01"


PEER: Final = Peer(
    name="OpenFisca-core",
    package="openfisca-core",
    made="Generated: a variable for each fact, test and outcome; months by numpy.",
    columns=_columns,
    cannot=(
        Cannot(
            "An unknown value: every variable has a default, and a day that nobody gave is "
            "1 January 1970. Values for unknown and counts for a day are ours.",
            _empty_day_is_the_first_of_1970,
        ),
        Cannot("A partial date: 2018-06 is read as its first day.", _month_is_its_first_day),
    ),
)
