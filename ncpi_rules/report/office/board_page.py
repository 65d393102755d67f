"""A paper for a board as one page of HTML that loads nothing from elsewhere and prints on A4."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Final

from ncpi_rules.core import as_head
from ncpi_rules.report.html_page import icon
from ncpi_rules.report.markup import Markup, element, page_file, whole_page
from ncpi_rules.report.office.board import NO_DAY, NOTHING_OPEN, BoardPaper
from ncpi_rules.report.plan_view import headline_name
from ncpi_rules.report.text_page import printable

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from ncpi_rules.plan import Plan, PlanDocument

_COLUMNS: Final = (
    ("What", 37),
    ("Who", 15),
    ("Due by", 15),
    ("Planned or done", 16),
    ("Status", 17),
)


def board_html(plans: Iterable[Plan], *, since: PlanDocument | None = None) -> str:
    """Return a page of A4 for the board of each subject.

    With an earlier plan of the same follow-up, what has changed since then comes first.

    >>> from ncpi_rules.plan import assess
    >>> page = board_html([assess({"force": "kent"}, on="2020-01-31")])
    >>> "<h1>Kent Police: follow-up after the inspection</h1>" in page
    True
    """
    papers = [BoardPaper.of(plan, since) for plan in plans]
    titles = [f"Board paper: {paper.title}" for paper in papers]
    title = titles[0] if len(titles) == 1 else f"{len(titles)} board papers"
    lines = "\n".join(line for paper in papers for line in _paper(paper))
    return whole_page(
        title,
        element("main", Markup(lines), id="main"),
        style=page_file("board.css", __package__),
        skip="Skip to the paper",
    )


def _text(text: str) -> str:
    return escape(printable(text))


def _paper(paper: BoardPaper) -> Iterator[str]:
    yield f'<article class="a4">\n<p class="eyebrow">Board paper</p>\n<h1>{_text(paper.title)}</h1>'
    facts = (
        f"<div><dt>{_text(name)}</dt><dd>{_fact(paper, name, says)}</dd></div>"
        for name, says in paper.facts
    )
    yield f"<dl>{''.join(facts)}</dl>"
    if paper.changed:
        heading, changed = _text(paper.changed_heading), _text(" ".join(paper.changed))
        yield f"<section><h2>{heading}</h2>\n<p>{changed}</p></section>"
    asks = (f"<li><b>{verb}</b> {_text(rest)}</li>" for verb, rest in paper.asks_as_list)
    yield f'<section class="ask"><h2>The board is asked to</h2><ol>{"".join(asks)}</ol></section>'
    yield f"<section><h2>Where it stands</h2>\n<p>{_text(' '.join(paper.stands))}</p>"
    strip = (f"<li><b>{_text(date)}</b> {_text(what)}</li>" for date, what in paper.strip)
    yield f'<ol class="strip">{"".join(strip)}</ol></section>'
    yield from _dates(paper)
    yield '<div class="two">'
    rests = [f"<b>{_text(id_)}</b> {_text(text)}" for id_, text in paper.rests]
    yield from _list("What this rests on", rests, paper.agreed or NOTHING_OPEN)
    yield from _list(
        "Not recorded", list(map(_text, paper.unknown)), "" if paper.unknown else "Nothing."
    )
    yield f'</div>\n<p class="source">{_text(paper.source)}</p>\n</article>'


def _fact(paper: BoardPaper, name: str, says: str) -> str:
    """Return a fact, the headline with its bars."""
    headline = paper.headline
    return headline_name(headline) if headline and name == as_head(headline.title) else _text(says)


def _dates(paper: BoardPaper) -> Iterator[str]:
    if not paper.dates:
        return
    heads = (f'<th scope="col" style="width:{width}%">{head}</th>' for head, width in _COLUMNS)
    yield "<section><h2>Key dates</h2>"
    yield f"<table><thead><tr>{''.join(heads)}</tr></thead><tbody>"
    for date in paper.dates:
        reference = f' <span class="soft">{_text(date.reference)}</span>' if date.reference else ""
        cells = (
            ("Who", "", date.who),
            ("Due by", "day", date.due),
            ("Planned or done", "day", date.planned),
        )
        yield f'<tr><th scope="row">{_text(date.what)}{reference}</th>'
        for head, kind, text in cells:
            look = f' class="{f"{kind} none" if text == NO_DAY else kind}"' if kind else ""
            yield f'<td{look} data-label="{head}">{_text(text)}</td>'
        tag = f"{icon(date.mark)}{_text(date.status)}"
        yield f'<td><strong class="tag {date.mark.value}">{tag}</strong></td></tr>'
    yield "</tbody></table>"
    if paper.notes:
        yield f'<p class="soft">{" ".join(paper.notes)}</p>'
    yield "</section>"


def _list(heading: str, items: list[str], note: str) -> Iterator[str]:
    yield f"<section><h2>{heading}</h2>"
    if items:
        yield f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"
    if note:
        yield f'<p class="soft">{_text(note)}</p>'
    yield "</section>"
