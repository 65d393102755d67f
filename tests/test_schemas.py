"""The published schemas: an editor that follows them says what the reader says."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

# pinned: the files that a command writes
from ncpi_rules.cli.json_schemas import DOCUMENTS, PUBLISHED, published
from ncpi_rules.core import (
    DateError,
    FactsError,
    NcpiRulesError,
    PartialDate,
    Period,
    Problem,
    RulesetError,
    UnknownItemError,
)
from ncpi_rules.facts import Recommendation, slug
from ncpi_rules.io import DATES, PERIOD, Source, read_as, read_file, schema
from ncpi_rules.ruleset import FILES as FILES_OF_AN_EDITION
from ncpi_rules.ruleset import Ruleset, Timing, load_ruleset
from ncpi_rules.ruleset.load import shape_all  # pinned: what a rule may say depends on other files
from ncpi_rules.ruleset.sentences import fill_file  # pinned: it says what a parameter is
from tests.strategies import changed, follow_ups

if TYPE_CHECKING:
    from collections.abc import Iterator

TOP = Path(__file__).parents[1]
SCHEMAS = TOP / "ncpi_rules" / "io" / "schemas"
EXAMPLES = sorted((TOP / "examples" / "follow-ups").glob("*.yaml"))
RULESETS = sorted(
    path
    for edition in ("rulesets/*/*", "tests/rulesets/*")
    for files in ("*.yaml", "scenarios/*.yaml")
    for path in TOP.glob(f"{edition}/{files}")
)
FIRST_LINE = re.compile(r"# yaml-language-server: \$schema=(\S+)")

# What the reader finds only once everything has its shape: facts that contradict each other.
AFTERWARDS = re.compile(
    "which the report does not make|is named twice|which must come first|is 'not-yet'"
)
# What is wrong with the form of a rule, whatever the names and the values that it tests.
FORM = re.compile(
    "is not a line of a rule|is not known here|is not allowed here|belongs? here|"
    "There is no value here|^'(id|decides)' is missing|does not say what its rules decide"
)


def schema_line(path: Path) -> Path:
    """Return the schema that the first line of a file names."""
    match = FIRST_LINE.match(path.read_text("utf-8"))
    assert match is not None, path
    return (path.parent / match[1]).resolve()


SHIPPED = [path for path in RULESETS if path.is_relative_to(TOP / "rulesets")]
FILES = [(path, "follow-up") for path in EXAMPLES]
FILES += [(path, schema_line(path).stem) for path in RULESETS]
NAMES = [f"{path.parent.name}/{path.name}" for path, _ in FILES]
OF_FILES = [name for file in published() if (name := Path(file).stem) not in DOCUMENTS]
VALIDATORS = {name: Draft202012Validator(schema(name)) for name in OF_FILES}


@cache
def data_of(path: Path) -> Any:
    """Return what a file says, as our reader reads it."""
    return read_file(path, FactsError).data


def as_typed(data: Any) -> Any:
    """Return data as an editor takes it: numbers are numbers, all else is text."""
    if isinstance(data, dict):
        return {key: as_typed(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_typed(value) for value in data]
    if re.fullmatch(r"[-+]?\d+", data):
        return int(data)
    return float(data) if re.fullmatch(r"[-+]?\d*\.\d+", data) else data


@cache
def edition_of(path: Path) -> Ruleset | None:
    """Return the edition in the folder of a file, or None where there is none."""
    folder = path.parent
    return load_ruleset(folder) if folder.joinpath("ruleset.yaml").is_file() else None


def read_data(path: Path, name: str, data: Any) -> None:
    """Read data in the place of a file, as the reader of an edition or of one file does."""
    written, edition = Source(name="", data=data), edition_of(path)
    if name not in PUBLISHED:  # a file of rules, beside all that is no rule
        assert edition is not None
        files = {file: edition.files[file] for file in FILES_OF_AN_EDITION if file in edition.files}
        shape_all({**files, path.stem: written}, "")
        return
    if edition is not None and name in {"vocabulary", "interpretations", "guarantees"}:
        written, problems = fill_file(written, edition.parameters)
        if problems:
            raise RulesetError(problems)
    read_as(PUBLISHED[name], written, NcpiRulesError)


def told_of(path: Path, name: str, data: Any) -> list[Problem]:
    """Return what the reader says is wrong with data in the place of a file."""
    try:
        read_data(path, name, data)
    except NcpiRulesError as fault:
        return list(fault.problems)
    return []


def is_of_form(problem: Problem) -> bool:
    """Return True for what a schema can know of a rule; a fact has any name in 'wherever'."""
    names_a_fact = re.search(r"\.wherever\.[^.]+$", problem.place)
    return bool(FORM.search(problem.message)) and not names_a_fact


def refusals(name: str, data: Any) -> list[str]:
    """Return what the reader says is wrong with the shape of data."""
    problems = told_of(TOP / "alone.yaml", name, data)
    return [str(problem) for problem in problems if not AFTERWARDS.search(problem.message)]


# --- what is published ----------------------------------------------------------------------------


@pytest.mark.parametrize("file", published())
def test_the_published_schemas_are_made_from_the_classes(file: str) -> None:
    """Each schema in the package is what the classes give; run the generator where it is not."""
    assert SCHEMAS.joinpath(file).read_text("utf-8") == published()[file]


@pytest.mark.parametrize("name", sorted(path.stem for path in SCHEMAS.glob("*.json")))
def test_a_schema_is_a_schema(name: str) -> None:
    """Each published file keeps to draft 2020-12, and can be asked for by its name."""
    described = schema(name)
    Draft202012Validator.check_schema(described)
    assert described["$schema"] == "https://json-schema.org/draft/2020-12/schema"


def test_a_schema_that_does_not_exist_is_an_error() -> None:
    """The error names the schema that is most like what was asked for."""
    with pytest.raises(UnknownItemError) as caught:
        schema("followup")
    assert caught.value.problems[0].help.startswith("Did you mean 'follow-up'?")


def properties(part: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield every property that a schema describes, however deep."""
    if isinstance(part, dict):
        own = part.get("properties")
        yield from own.items() if isinstance(own, dict) else ()
        part = list(part.values())
    for inner in part if isinstance(part, list) else ():
        yield from properties(inner)


@pytest.mark.parametrize("name", OF_FILES)
def test_every_name_in_a_file_says_what_it_holds(name: str) -> None:
    """An editor has a sentence to show for whatever may be written into a file."""
    described = dict(properties(schema(name)))
    assert described
    assert [key for key, value in described.items() if not value.get("description")] == []


# --- the files that there are ---------------------------------------------------------------------


def test_there_are_files_to_check() -> None:
    """The tests below see the examples and the rulesets."""
    assert len(EXAMPLES) > 10
    assert len(RULESETS) > 20


@pytest.mark.parametrize("path", RULESETS, ids=lambda path: f"{path.parent.name}/{path.name}")
def test_the_first_line_of_a_file_leads_to_its_schema(path: Path) -> None:
    """An editor finds the schema of each file of a ruleset where its first line says."""
    assert schema_line(path).parent == SCHEMAS
    assert SCHEMAS.joinpath(schema_line(path).name).is_file()


@pytest.mark.parametrize(("path", "name"), FILES, ids=NAMES)
def test_a_good_file_fits_its_schema(path: Path, name: str) -> None:
    """Every example and every file of a ruleset fits, as the library and as an editor reads it."""
    data = data_of(path)
    assert told_of(path, name, data) == []
    assert list(VALIDATORS[name].iter_errors(data)) == []
    assert list(VALIDATORS[name].iter_errors(as_typed(data))) == []


@pytest.mark.sampled(15)
@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
@given(draws=st.data())
def test_reader_and_schema_agree(path: Path, draws: st.DataObject) -> None:
    """With one key dropped or added or one value changed, both refuse a file or both take it.

    Of rules the reader knows more: which facts, values, answers and parameters there are, and what
    each case of a rule lacks. There the schema takes what the reader takes, and refuses what has
    not the form of a rule.
    """
    name = schema_line(path).stem
    data = draws.draw(changed(data_of(path)))
    problems = told_of(path, name, data)
    form = [
        problem
        for problem in problems
        if problem.code != "name-not-known" and (name in PUBLISHED or is_of_form(problem))
    ]
    if form or not problems:
        assert VALIDATORS[name].is_valid(data) == (not form), problems


@given(draws=st.data())
def test_reader_and_schema_agree_on_facts(draws: st.DataObject) -> None:
    """The same holds of facts of every kind, but for what contradicts itself: see AFTERWARDS."""
    whole = draws.draw(follow_ups(further=True)).to_dict()
    assert list(VALIDATORS["follow-up"].iter_errors(whole)) == []
    data = draws.draw(changed(whole))
    refused = refusals("follow-up", data)
    assert VALIDATORS["follow-up"].is_valid(data) == (not refused), refused


# --- what stands in one piece of text -------------------------------------------------------------


def takes(reader: Any, text: str) -> bool:
    """Return True where a reader takes a text."""
    try:
        reader(text)
    except NcpiRulesError:
        return False
    return True


@given(st.from_regex(f"({DATES})", fullmatch=True))
def test_the_pattern_of_dates_lets_no_other_text_pass(text: str) -> None:
    """What fits the pattern is a date, but for days that no month has and spans turned round."""
    if not takes(PartialDate.read, text):
        with pytest.raises(DateError, match=r"no such day|ends before"):
            PartialDate.read(text)


@given(
    st.text("0123456789-/", max_size=21)
    | st.from_regex(r"\d{4}(-\d\d){0,2}(/\d{4}(-\d\d){0,2})?", fullmatch=True)
)
def test_no_date_is_kept_out_by_the_pattern(text: str) -> None:
    """What the reader takes for a date fits the pattern."""
    if takes(PartialDate.read, text):
        assert re.fullmatch(DATES, text)


@given(
    st.from_regex(f"{PERIOD} (after|before|beginning with) [a-z-]+", fullmatch=True)
    | st.from_regex(r"[a-z0-9]{1,5} (working |)[a-z]{3,6}s? (after|before|since) [a-z-]+")
)
def test_the_pattern_of_timings_is_that_of_the_reader(text: str) -> None:
    """A timing in plain small letters and single spaces fits the pattern where the reader takes it.

    Capitals and more spaces are taken by the reader alone.
    """
    text = text.strip()
    fits = re.fullmatch(Timing.pattern, text) is not None
    assert fits == takes(Timing.from_text, text)
    assert not fits or takes(Period.read, re.split(" (?:after|before|beginning)", text)[0])


@given(st.sampled_from(["immediate", "none", "unknown", "soon", "by 2019", "within 3 months", ""]))
def test_the_pattern_of_time_limits_is_that_of_the_reader(text: str) -> None:
    """A time-limit fits the schema where the facts take it."""
    whole = {"force": "kent", "inspection_report": {"recommendations": [{"id": "1"}]}}
    whole["inspection_report"]["recommendations"][0]["time_limit"] = text  # type: ignore[index]
    assert VALIDATORS["follow-up"].is_valid(whole) == (not refusals("follow-up", whole))
    assert text in {"unknown", ""} or takes(
        lambda part: Recommendation(id="1", time_limit=part), text
    ) == VALIDATORS["follow-up"].is_valid(whole)


@given(st.text(max_size=6).filter(lambda text: text != "unknown"))
def test_a_value_fits_where_it_is_its_own_slug(text: str) -> None:
    """The findings may be any value of a vocabulary: small letters, digits and single hyphens."""
    whole = {"force": "kent", "inspection_report": {"findings": text}, "prospects": text}
    fits = bool(text) and text.isascii() and slug(text) == text
    assert VALIDATORS["follow-up"].is_valid(whole) == fits
    assert (not refusals("follow-up", whole)) == fits
