"""A copy of an edition: what is made by it says that it is one, in every format."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from attrs import evolve

from ncpi_rules import FollowUp, assess, check, load_ruleset, record
from ncpi_rules.cli import main
from ncpi_rules.compare import diff
from ncpi_rules.explore import caseload, what_if
from ncpi_rules.plan import PlanDocument
from ncpi_rules.report import html, markdown, summary, summary_lines, text
from ncpi_rules.ruleset import BasedOn, Ruleset, edition_title, is_edited, patch, shipped_ruleset

FACTS = {"force": "kent", "inspection_report": {"published": "2019-02-01"}}
NOTICE = "edited copy of As published: not the rules as the edition has them."


def copy_of(folder: Path, *, name: str = "our-proposal", edits: str = "") -> Path:
    """Return a working copy of the shipped edition, as it is made for an officer."""
    source = Path(load_ruleset().files["ruleset"].name).parent
    shutil.copytree(source, folder)
    settings = folder / "ruleset.yaml"
    based_on = (
        "based_on:\n  ruleset: ncpi-follow-up\n  edition: as-published\n"
        f'  fingerprint: "{shipped_ruleset().content_digest}"\n'
    )
    lines = settings.read_text("utf-8").replace("edition: as-published", f"edition: {name}")
    settings.write_text(lines + based_on, "utf-8")
    parameters = folder / "parameters.yaml"
    if edits:
        before, after = edits.split(" -> ")
        text = parameters.read_text("utf-8")
        assert before in text
        parameters.write_text(text.replace(before, after), "utf-8")
    return folder


KEPT_IN_NO_CSV = """\
It cannot be kept: a column of this name says that the rules are an edited copy.
  help: Rename it before.
"""


@pytest.fixture(scope="module")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Ruleset:
    """Return an edited copy under a name of its own."""
    folder = tmp_path_factory.mktemp("copies") / "edited"
    return load_ruleset(copy_of(folder, edits="period: 6 weeks -> period: 5 weeks"))


def test_a_copy_is_edited_once_it_says_something_else(tmp_path: Path, edited: Ruleset) -> None:
    """An unchanged copy has another name and is not edited; an edited one is, whatever its id."""
    same = load_ruleset(copy_of(tmp_path / "same"))
    assert not is_edited(shipped_ruleset())
    assert same.digest != shipped_ruleset().digest
    assert (edition_title(same), is_edited(same)) == ("our proposal, copy of As published", False)
    title = "our proposal, edited copy of As published"
    for id_ in ("ncpi-follow-up", "another"):
        renamed = edited.evolve(settings=evolve(edited.settings, id=id_))
        assert (edition_title(renamed), is_edited(renamed)) == (title, True)


def test_a_copy_that_says_nothing_of_it_is_known_by_its_id(edited: Ruleset) -> None:
    """Without 'based_on', rules with the id of the shipped ruleset are an edited copy of it."""
    for edition in ("as-published", "another"):
        settings = evolve(edited.settings, based_on=None, edition=edition)
        assert is_edited(edited.evolve(settings=settings))


def test_a_copy_of_what_is_not_shipped_is_compared_with_its_fingerprint(edited: Ruleset) -> None:
    """A copy of an edition that this library does not know is edited since the day of the copy."""
    base = BasedOn(ruleset="own", edition="first", fingerprint=edited.content_digest)
    copy = edited.evolve(settings=evolve(edited.settings, id="own", based_on=base))
    assert edition_title(copy) == "our proposal, copy of First"
    base = evolve(base, fingerprint="0" * 64)
    copy = edited.evolve(settings=evolve(edited.settings, id="own", based_on=base))
    assert edition_title(copy) == "our proposal, edited copy of First"


def test_a_difference_says_which_ruleset_is_a_copy(edited: Ruleset) -> None:
    """The edition that a ruleset was copied from is said in a sentence, without a fingerprint."""
    shipped, base = shipped_ruleset(), edited.settings.based_on
    assert base is not None
    other, later = evolve(base, edition="first"), evolve(base, fingerprint="0" * 64)
    copies = [edited.evolve(settings=evolve(edited.settings, based_on=of)) for of in (other, later)]
    for first, second, says in (
        (shipped, edited, "The second ruleset is a working copy of {}; the first is not a copy."),
        (edited, shipped, "The first ruleset is a working copy of {}; the second is not a copy."),
        (copies[0], edited, "The first ruleset is a working copy of {}, the second of {}."),
        (edited, copies[1], "Both are working copies of {}, which said something else each time."),
    ):
        names = ["'ncpi-follow-up/as-published'"]
        if first is copies[0]:
            names.insert(0, "'ncpi-follow-up/first'")
        assert says.format(*names) in diff(first, second).settings


def test_every_page_of_a_plan_by_edited_rules_is_headed(edited: Ruleset) -> None:
    """The text, the Markdown, the HTML and the summaries say it within their first lines."""
    plan = assess(FACTS, on="2019-03-01", ruleset=edited).document
    for page in (text(plan), markdown(plan), summary(plan), summary_lines([plan])):
        head = " ".join(" ".join(page.splitlines()[:8]).split())
        assert f"Our proposal, {NOTICE}" in head
    page = html(plan)
    assert page.index(NOTICE) < page.index("<dl")
    original = assess(FACTS, on="2019-03-01").document
    for page in (text(original), html(original), summary(original)):
        assert "copy of" not in page


def test_a_plan_a_record_and_a_caseload_keep_that_rules_were_edited(edited: Ruleset) -> None:
    """What is written down says of which edition the rules are a copy, and that they differ."""
    plan = assess(FACTS, on="2019-03-01", ruleset=edited)
    document = PlanDocument.from_json(plan.to_json())
    recorded = record(plan).plan
    for written in (document, recorded):
        assert (written.edition, written.based_on, written.edited) == (
            "our-proposal",
            "as-published",
            True,
        )
    rows = caseload([FollowUp.from_dict(FACTS)], on="2019-03-01", ruleset=edited)
    assert NOTICE in " ".join(rows.to_text().split())
    assert "our proposal, edited copy of As published" in rows.to_csv()


def test_what_if_and_a_difference_name_the_copy(edited: Ruleset) -> None:
    """Pages that compare say of each side what it is."""
    changed = what_if(
        FollowUp.from_dict(FACTS), {"findings": "broadly-positive"}, on="2019-03-01", ruleset=edited
    )
    assert NOTICE in " ".join(changed.to_text().split())
    difference = diff(shipped_ruleset(), edited)
    page = " ".join(difference.to_text().split())
    assert "edition as published (" in page
    assert "our proposal, edited copy of As published (" in page


def test_a_patched_ruleset_is_an_edited_copy() -> None:
    """Another value of a parameter, however it is set, makes an edited copy."""
    patched = patch(shipped_ruleset(), {"revisit-ceiling": "4 months"})
    assert edition_title(patched) == "edited copy of As published"


def test_what_a_copy_is_based_on_is_no_finding(edited: Ruleset) -> None:
    """An edited copy is checked like any other ruleset: only what was edited is found."""
    assert [finding.code for finding in check(edited)] == ["number-not-as-stated"]


def test_a_table_swept_by_an_edited_copy_says_so(tmp_path: Path) -> None:
    """Parquet and Arrow say so in their metadata, CSV in a column; by the edition none does."""
    parquet_files = pytest.importorskip("pyarrow.parquet", reason="an extra: columns")
    ipc = pytest.importorskip("pyarrow.ipc", reason="an extra: columns")
    edits = "period: 6 months -> period: 4 months"
    edited, plain = (
        copy_of(tmp_path / name, edits=more) for name, more in (("edited", edits), ("plain", ""))
    )
    file = tmp_path / "in.csv"
    file.write_text("prospects\nsome-concerns\n", "utf-8")
    said: dict[str, tuple[object, ...]] = {}
    for folder in (edited, plain):
        line = ["sweep", str(file), "--ruleset", str(folder), "--on", "2019-01-15"]
        written = [tmp_path / f"{folder.name}.{kind}" for kind in ("parquet", "arrow", "csv")]
        for out in written:
            assert main([*line, "--only", "tier", "-o", str(out)]) == 0
        parquet, arrow, csv = written
        schemas = (parquet_files.read_schema(parquet), ipc.open_file(arrow).schema)
        metadata = (schema.metadata for schema in schemas)
        said[folder.name] = (*metadata, csv.read_text("utf-8").splitlines()[0])
    notice = {b"rules": f"Our proposal, {NOTICE}".encode()}
    assert said["edited"] == (notice, notice, '"tier","edited-copy"')
    assert said["plain"] == (None, None, '"tier"')
    cells = (tmp_path / "edited.csv").read_text("utf-8").splitlines()[1]
    assert cells.endswith(',"Our proposal, edited copy of As published"')


def test_a_kept_column_does_not_hide_that_the_rules_are_edited(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A column of the name that says so cannot be kept in a CSV."""
    pytest.importorskip("pyarrow", reason="an extra: columns")
    folder = copy_of(tmp_path / "edited", edits="period: 6 months -> period: 4 months")
    file = tmp_path / "in.csv"
    file.write_text("edited-copy\nno\n", "utf-8")
    line = ["sweep", str(file), "--keep", "edited-copy", "-o", str(tmp_path / "out.csv")]
    assert main([*line, "--ruleset", str(folder), "--on", "2019-01-15"]) == 2
    assert capsys.readouterr().err == f"column 'edited-copy': {KEPT_IN_NO_CSV}"


def test_a_picture_of_a_plan_by_edited_rules_says_so(edited: Ruleset) -> None:
    """The timeline says it below its title, and its description behind it."""
    picture = assess(FACTS, on="2019-03-01", ruleset=edited).plot()
    assert picture.description.startswith(f"{picture.title}. Our proposal, {NOTICE}")
    assert "edited copy of As published" in picture.svg
    assert "edited copy" not in assess(FACTS, on="2019-03-01").plot().svg


def test_a_summary_and_a_picture_of_a_swept_table_say_so(edited: Ruleset) -> None:
    """A table that is counted keeps what the sweep says of its rules, and so do its pictures."""
    pyarrow = pytest.importorskip("pyarrow", reason="an extra: columns")
    batch = pytest.importorskip("ncpi_rules.batch")
    plots = pytest.importorskip("ncpi_rules.plots")
    rows = pyarrow.table({"prospects": ["some-concerns"], "report-published": ["2018-06-28"]})
    asked = {"on": "2019-01-15", "keep": ["prospects", "report-published"]}
    swept = batch.sweep(rows, ruleset=edited, **asked)
    plain = batch.sweep(rows, **asked)
    notice = f"Our proposal, {NOTICE}"
    # The table itself says so, whatever ruleset its values are read by.
    assert batch.summarise(swept).schema.metadata == {b"rules": notice.encode()}
    assert batch.summarise(plain).schema.metadata is None
    for shown in (
        {"shows": "tier"},
        {"rows": "prospects", "columns": "report-published", "shows": "tier"},
    ):
        picture = plots.sweep_plot(swept, **shown)
        assert picture.description.startswith(f"{picture.title}. {notice}")
        assert "edited copy of As published" in picture.svg
        assert "edited copy" not in plots.sweep_plot(plain, **shown).svg


def test_what_is_explained_and_traced_by_edited_rules_says_so(
    tmp_path: Path, edited: Ruleset, capsys: pytest.CaptureFixture[str]
) -> None:
    """An explanation says it below its first line, a trace at its head, a caseload in its JSON."""
    folder = copy_of(tmp_path / "edited", edits="period: 6 months -> period: 4 months")
    file = tmp_path / "kent.yaml"
    file.write_text("force: kent\ninspection_report: {published: 2018-06-28}\n", "utf-8")
    notice = f"Our proposal, {NOTICE}"
    assert main(["explain", str(file), "--ruleset", str(folder), "--on", "2019-03-01"]) == 0
    assert capsys.readouterr().out.splitlines()[1] == notice
    text = tmp_path / "methodology.txt"
    text.write_text("Another text altogether.\n", "utf-8")
    main(["trace", str(text), "--ruleset", str(folder)])
    assert f"Rules: {notice}" in capsys.readouterr().out
    rows = caseload([FollowUp.from_dict(FACTS)], on="2019-03-01", ruleset=edited)
    assert rows.document.edited == ("our proposal, edited copy of As published",)
    assert caseload([FollowUp.from_dict(FACTS)], on="2019-03-01").document.edited == ()
