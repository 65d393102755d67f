"""The words of the field: the project has one word for one thing, and none that it has given up.

``docs/glossary.md`` defines the words that stay.
"""

from __future__ import annotations

import ast
import re
from collections import defaultdict
from doctest import DocTestParser
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import pytest

import ncpi_rules

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(ncpi_rules.__file__).parent.parent
SEARCHED = ("ncpi_rules", "rulesets", "tests", "docs", "examples", "README.md", "pyproject.toml")
ENDINGS = {".py", ".md", ".yaml", ".json", ".txt", ".toml"}

# Between two words of one phrase: a space, the end of a line, the sign of a comment, or the edge of
# a string; in a name also "_" or "-".
GAP = r"""(?:[\s#>"_-]|(?<=[\s"])f(?="))+"""


class Old(NamedTuple):
    """A word that the project has given up."""

    pattern: str
    """What finds it; a space stands for any gap between two words."""
    now: str
    """What the project says instead."""
    unless: str = ""
    """Phrases in which it means something else and stays."""


OLD = {
    "word": Old(
        r"words?",
        "value",
        r"(?:in|under|with) (?:[a-z]+ ){0,2}words?|words? for word|the field's words|test words"
        r"|words? of (?:the|a|its) (?:methodology|statements?|text|sentence|message)"
        r"|words? (?:that|which) (?:an officer reads|people read|read well)|changed words"
        r"|new words in the files|the words as|own words|an analyst's words",
    ),
    "reading": Old(
        r"readings|(?:a|an|the|our|its|this|that|each|every|other|another|no|under|per) reading",
        "interpretation",
        r"reading order|the reading of",
    ),
    "doubt": Old(r"doubt(?:s|ed|ing|ful)?", "open question"),
    "promise": Old(r"promis(?:e|es|ed|ing)", "guarantee"),
    "rule holds": Old(
        r"rules? (?:that |which |now |still |also |both )*(?:holds?|held)", "applies"
    ),
    "standing": Old(r"standings?", "basis"),
    "kind of follow-up": Old(r"kinds? of (?:a )?follow up", "tier, or type of follow-up"),
    "not settled": Old(r"not(?: yet)? settled", "to be decided", r"not-settled"),
    "as things stood": Old(r"as things st(?:oo|an)d", "position as at"),
    "last day": Old(
        r"last days?",
        "due date",
        r"last days? (?:of|in|on) (?:[a-z]+ ){0,2}(?:which|years?|months?|february|november|part"
        r"|period|span|window|range|suspension|visit|revisit|review|re inspection)"
        r"|first (?:day )?(?:and|or|to|until|from) (?:the |its |to |an? )*last days?"
        r"|(?:late by|after|from) its last day|only the last day"
        r"|(?:from|by|on)-the-last-day|[\"'`]?last-day(?=[\"'`:},])",
    ),
    "last safe day": Old(r"last safe days?", "latest compliant date"),
    "steps": Old(
        r"decides: steps|step rules?|steps?,? (?:and|or) options?"
        r"|step\.(?:revisit|letter|[a-z]+-[a-z]+)",
        "actions",
    ),
    "what is to be done": Old(r"what (?:is to|may) be done", "required, optional actions"),
    "by word of mouth": Old(r"by word of mouth", "orally"),
    "brought up to date": Old(r"brought up to date", "updated"),
    "called for by": Old(r"call(?:s|ed)? for by|called for", "prompted by"),
    "departed from": Old(
        r"depart(?:s|ed|ing|ures?)?(?! from an expectation| from it)", "varied, variation"
    ),
    "let go": Old(r"let(?:s|ting)? go", "waived or varied"),
    "carries a statement": Old(
        r"carr(?:y|ies|ied|ying) (?:[a-z]+ ){0,2}statements?", "implements a statement"
    ),
    "presses most": Old(r"press(?:es)? (?:the )?most", "most urgent"),
    "left out because they cannot be": Old(
        r"left out because (?:it|they) cannot", "excluded as impossible"
    ),
    "something else follows": Old(
        r"(?:something|anything|nothing|what) else follows|follows something else",
        "the result changes",
    ),
    "days to the boundary": Old(r"days to the boundary", "margins"),
    "depends on nothing": Old(r"depends? on nothing", "irrelevant facts"),
    "portfolio": Old(r"portfolios?", "caseload"),
    "amend": Old(r"amend(?:s|ed|ing|ments?)?", "patch"),
}

# Modules are nouns; these were verbs, or riddles.
OLD_MODULES = {
    *("amending", "approving", "checking", "comparing", "deciding", "doubting"),
    *("exploring", "mutating", "pictures", "stretch", "suggesting", "telling", "tracing"),
}

# What a name in the small must not be: it does not say what it holds.
EMPTY_NAMES = {"one", "ones", "each", "found", "told", "kept", "given", "got"}

# What a follow-up file calls its own, such as `feedback: {given: 2018-06-28}`.
KEYS_OF_FILES = {Path("ncpi_rules/facts/parts.py"): {"given"}}

# What is about texts, and the words in them.
ABOUT_TEXTS = re.compile(
    r"statements?|trace|traceability\w*|wording|errors|letters|sheet|heat|sweep_plots|timeline\w*|\w+_page"
)

# These list the old words on purpose, or quote the code of files that are about texts.
NOT_SEARCHED = {
    Path("tests/assurance/mutants.json"),
    Path("tests/test_words.py"),
    Path("rulesets/ncpi-follow-up/as-published/CHANGES.md"),
}


def _pattern(phrases: str) -> re.Pattern[str]:
    return re.compile(f"(?<![a-z])(?:{phrases.replace(' ', GAP)})(?![a-z])", re.IGNORECASE)


def _apart(text: str) -> str:
    """Return a text with the words inside a name in capitals and small letters set apart."""
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", text)


def _without(text: str, phrases: str) -> str:
    """Return a text with some phrases blotted out, and its lines where they were."""
    return _pattern(phrases).sub(lambda phrase: re.sub(r"[^\n]", "~", phrase[0]), text)


def _files() -> Iterator[Path]:
    for name in SEARCHED:
        top = ROOT / name
        for path in sorted(top.rglob("*")) if top.is_dir() else [top]:
            if path.suffix in ENDINGS and "__pycache__" not in path.parts:
                yield path.relative_to(ROOT)


FILES = [path for path in _files() if path not in NOT_SEARCHED]
LIBRARY = [path for path in FILES if path.suffix == ".py" and path.parts[0] == "ncpi_rules"]
TESTS = [path for path in FILES if path.suffix == ".py" and path.parts[0] == "tests"]


@cache
def _text(path: Path) -> str:
    """Return the text of a file, the words in its names set apart."""
    return _apart((ROOT / path).read_text("utf-8", "replace"))


@cache
def _tree(path: Path) -> ast.Module:
    """Return the syntax of a module, read when it is asked for: every process collects tests."""
    return ast.parse((ROOT / path).read_text("utf-8"))


def _uses(old: Old) -> Iterator[str]:
    """Yield where an old word is used: in names of files, then in what they say."""
    pattern = _pattern(old.pattern)
    for path in FILES:
        if old is OLD["word"] and ABOUT_TEXTS.fullmatch(path.stem.removeprefix("test_")):
            continue
        if pattern.search(_without(path.as_posix(), old.unless) if old.unless else path.as_posix()):
            yield f"{path}: its name"
        text = _text(path)
        if pattern.search(text):  # most files have none
            rest = _without(text, old.unless) if old.unless else text
            for use in pattern.finditer(rest):
                yield f"{path}:{text.count(chr(10), 0, use.start()) + 1}: {use[0]}"


@pytest.mark.parametrize("word", OLD)
def test_an_old_word_is_nowhere(word: str) -> None:
    """No file, sentence, key or name uses a word that the project has given up."""
    assert list(_uses(OLD[word])) == [], f"say: {OLD[word].now}"


def test_no_file_has_the_name_of_an_old_module() -> None:
    """A module, its tests and its page are called by a noun of the field."""
    stems = {path: path.stem.removeprefix("test_") for path in FILES}
    assert [str(path) for path, stem in stems.items() if stem in OLD_MODULES] == []


def _names(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Yield every name that a module gives to something, and its line."""
    for node in ast.walk(tree):
        match node:
            case ast.Name(id=name, ctx=ast.Store()) | ast.Attribute(attr=name, ctx=ast.Store()):
                yield node.lineno, name
            case ast.arg(arg=name) | ast.alias(asname=str(name)):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case ast.MatchAs(name=str(name)) | ast.ExceptHandler(name=str(name)):
                yield node.lineno, name


def _names_in_examples(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Yield every name that an example in a docstring gives to something, and its line."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
            text = ast.get_docstring(node, clean=False) or ""
            for example in DocTestParser().get_examples(text):
                line = node.body[0].lineno + example.lineno
                yield from ((line, name) for _, name in _names(ast.parse(example.source)))


@pytest.mark.parametrize("path", [*LIBRARY, *TESTS], ids=str)
def test_a_name_says_what_it_holds(path: Path) -> None:
    """No variable, parameter, attribute or function is called by a word that fits anything."""
    empty = EMPTY_NAMES - KEYS_OF_FILES.get(path, set())
    if empty.isdisjoint(re.findall(r"\w+", (ROOT / path).read_text("utf-8"))):
        return  # a module that has none of these words is not taken apart
    names = (*_names(_tree(path)), *_names_in_examples(_tree(path)))
    assert [f"{line}: {name}" for line, name in names if name in empty] == []


def test_no_two_classes_share_a_name() -> None:
    """Each class of the library has a name of its own."""
    homes = defaultdict(list)
    for path in LIBRARY:
        for node in ast.walk(_tree(path)):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(f"{path}:{node.lineno}")
    assert {name: places for name, places in homes.items() if len(places) > 1} == {}
