"""Pages for people: the page of a plan, and any page as text, Markdown and HTML."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.report.csv_table import csv_text as csv_text
    from ncpi_rules.report.html_page import Showable as Showable
    from ncpi_rules.report.html_page import html_part as html_part
    from ncpi_rules.report.html_page import icon as icon
    from ncpi_rules.report.html_page import lay_out_html as lay_out_html
    from ncpi_rules.report.html_page import part_of as part_of
    from ncpi_rules.report.letters import document_request as document_request
    from ncpi_rules.report.letters import letter_texts as letter_texts
    from ncpi_rules.report.letters import notice as notice
    from ncpi_rules.report.markdown_page import lay_out_markdown as lay_out_markdown
    from ncpi_rules.report.markdown_page import markdown as markdown
    from ncpi_rules.report.markup import Child as Child
    from ncpi_rules.report.markup import Markup as Markup
    from ncpi_rules.report.markup import element as element
    from ncpi_rules.report.markup import facts_list as facts_list
    from ncpi_rules.report.markup import filter_bar as filter_bar
    from ncpi_rules.report.markup import page_file as page_file
    from ncpi_rules.report.markup import separated as separated
    from ncpi_rules.report.markup import whole_page as whole_page
    from ncpi_rules.report.numbers_page import parameter_page as parameter_page
    from ncpi_rules.report.parts import Cell as Cell
    from ncpi_rules.report.parts import Change as Change
    from ncpi_rules.report.parts import Column as Column
    from ncpi_rules.report.parts import Contents as Contents
    from ncpi_rules.report.parts import Item as Item
    from ncpi_rules.report.parts import Line as Line
    from ncpi_rules.report.parts import PageTable as PageTable
    from ncpi_rules.report.parts import Row as Row
    from ncpi_rules.report.parts import Section as Section
    from ncpi_rules.report.parts import StatusMark as StatusMark
    from ncpi_rules.report.parts import TextRun as TextRun
    from ncpi_rules.report.parts import mark_of as mark_of
    from ncpi_rules.report.plan_html import html as html
    from ncpi_rules.report.plan_view import headline_name as headline_name
    from ncpi_rules.report.position import brief as brief
    from ncpi_rules.report.summary_text import summary as summary
    from ncpi_rules.report.summary_text import summary_lines as summary_lines
    from ncpi_rules.report.text_page import WIDTH as WIDTH
    from ncpi_rules.report.text_page import lay_out_text as lay_out_text
    from ncpi_rules.report.text_page import printable as printable
    from ncpi_rules.report.text_page import text as text
    from ncpi_rules.report.text_page import wrapped as wrapped
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "csv_table": ["csv_text"],
            "html_page": ["Showable", "html_part", "icon", "lay_out_html", "part_of"],
            "letters": ["document_request", "letter_texts", "notice"],
            "markdown_page": ["lay_out_markdown", "markdown"],
            "markup": [
                "Child",
                "Markup",
                "element",
                "facts_list",
                "filter_bar",
                "page_file",
                "separated",
                "whole_page",
            ],
            "numbers_page": ["parameter_page"],
            "parts": [
                "Cell",
                "Change",
                "Column",
                "Contents",
                "Item",
                "Line",
                "PageTable",
                "Row",
                "Section",
                "StatusMark",
                "TextRun",
                "mark_of",
            ],
            "plan_html": ["html"],
            "plan_view": ["headline_name"],
            "position": ["brief"],
            "summary_text": ["summary", "summary_lines"],
            "text_page": ["WIDTH", "lay_out_text", "printable", "text", "wrapped"],
        },
    )
