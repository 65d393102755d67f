"""Files of YAML and JSON: read with places, turned into objects, written whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ncpi_rules.core.once import lazy

if TYPE_CHECKING:
    from ncpi_rules.io.atomic import new_file as new_file
    from ncpi_rules.io.atomic import new_folder as new_folder
    from ncpi_rules.io.atomic import refuse_input as refuse_input
    from ncpi_rules.io.atomic import write_folder as write_folder
    from ncpi_rules.io.atomic import write_whole as write_whole
    from ncpi_rules.io.documents import read_document as read_document
    from ncpi_rules.io.documents import read_document_json as read_document_json
    from ncpi_rules.io.documents import write_document as write_document
    from ncpi_rules.io.files import is_hidden as is_hidden
    from ncpi_rules.io.files import not_utf_8 as not_utf_8
    from ncpi_rules.io.files import open_regular_file as open_regular_file
    from ncpi_rules.io.files import read_file as read_file
    from ncpi_rules.io.files import read_json as read_json
    from ncpi_rules.io.files import read_mapping as read_mapping
    from ncpi_rules.io.files import read_text as read_text
    from ncpi_rules.io.files import text_of as text_of
    from ncpi_rules.io.files import unread_in as unread_in
    from ncpi_rules.io.files import yaml_files_in as yaml_files_in
    from ncpi_rules.io.published_schemas import schema as schema
    from ncpi_rules.io.source import ANY_OTHER as ANY_OTHER
    from ncpi_rules.io.source import DATES as DATES
    from ncpi_rules.io.source import MAXIMUM_BYTES as MAXIMUM_BYTES
    from ncpi_rules.io.source import PERIOD as PERIOD
    from ncpi_rules.io.source import Field as Field
    from ncpi_rules.io.source import Path_ as Path_
    from ncpi_rules.io.source import Plain as Plain
    from ncpi_rules.io.source import Source as Source
    from ncpi_rules.io.source import alternatives_of as alternatives_of
    from ncpi_rules.io.source import described as described
    from ncpi_rules.io.source import digest_of as digest_of
    from ncpi_rules.io.source import fields_of as fields_of
    from ncpi_rules.io.source import fingerprint_field as fingerprint_field
    from ncpi_rules.io.source import form_field as form_field
    from ncpi_rules.io.source import format_path as format_path
    from ncpi_rules.io.source import is_mapping as is_mapping
    from ncpi_rules.io.source import is_required as is_required
    from ncpi_rules.io.source import is_tuple as is_tuple
    from ncpi_rules.io.source import is_union as is_union
    from ncpi_rules.io.source import is_values as is_values
    from ncpi_rules.io.source import key_of as key_of
    from ncpi_rules.io.source import options as options
    from ncpi_rules.io.source import read_path as read_path
    from ncpi_rules.io.source import shortened as shortened
    from ncpi_rules.io.source import text_cut as text_cut
    from ncpi_rules.io.source import too_large as too_large
    from ncpi_rules.io.structure import converter as converter
    from ncpi_rules.io.structure import read_as as read_as
    from ncpi_rules.io.structure import refuse as refuse
    from ncpi_rules.io.structure import write_plain as write_plain
    from ncpi_rules.io.tidy import TOP as TOP
    from ncpi_rules.io.tidy import tidied as tidied
    from ncpi_rules.io.yaml import read_yaml as read_yaml
    from ncpi_rules.io.yaml import write_yaml as write_yaml
else:
    __getattr__, __dir__, __all__ = lazy(
        __name__,
        {
            "atomic": ["new_file", "new_folder", "refuse_input", "write_folder", "write_whole"],
            "documents": ["read_document", "read_document_json", "write_document"],
            "files": [
                "is_hidden",
                "not_utf_8",
                "open_regular_file",
                "read_file",
                "read_json",
                "read_mapping",
                "read_text",
                "text_of",
                "unread_in",
                "yaml_files_in",
            ],
            "published_schemas": ["schema"],
            "source": [
                "ANY_OTHER",
                "DATES",
                "Field",
                "PERIOD",
                "alternatives_of",
                "described",
                "digest_of",
                "shortened",
                "fingerprint_field",
                "fields_of",
                "is_mapping",
                "is_required",
                "is_tuple",
                "is_union",
                "is_values",
                "key_of",
                "options",
                "MAXIMUM_BYTES",
                "Path_",
                "Plain",
                "Source",
                "form_field",
                "format_path",
                "read_path",
                "too_large",
                "text_cut",
            ],
            "structure": ["converter", "read_as", "refuse", "write_plain"],
            "tidy": ["TOP", "tidied"],
            "yaml": ["read_yaml", "write_yaml"],
        },
    )
