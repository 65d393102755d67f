"""The examples for an application: each does what its first sentence says."""

from __future__ import annotations

import asyncio
import json
import re
import runpy
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from ncpi_rules import FollowUp, NcpiRulesError, assess
from ncpi_rules.io import schema

TOP = Path(__file__).parents[1]
SCRIPTS = TOP / "examples" / "python"
NORTHUMBRIA = FollowUp.load(TOP / "examples" / "follow-ups" / "northumbria-2018.yaml")


def test_the_nightly_job_reports_what_stands_differently(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """It names the deadlines whose status changed overnight, and a follow-up that is wrong."""
    runpy.run_path(str(SCRIPTS / "nightly_job.py"), run_name="__main__")
    lines = capsys.readouterr().out.splitlines()
    assert [line for line in lines if line.startswith("northumbria-2018: ")]
    assert lines[-1] == ("typed-by-hand: There is no police force 'kennt' in England and Wales.")
    changed = re.compile(r"[\w-]+: .+: now [a-z ]+ \(was [a-z ]+\)\. .+\.")
    assert [line for line in lines[:-1] if not changed.fullmatch(line)] == []


def test_the_store_of_records_finds_what_other_rules_change(
    capsys: pytest.CaptureFixture[str],
) -> None:
    """Under the same rules nothing differs; under a shorter ceiling something does."""
    runpy.run_path(str(SCRIPTS / "record_store.py"), run_name="__main__")
    first, second, *rest = capsys.readouterr().out.splitlines()
    assert first == "Unchanged rules: []"
    assert second == "Not the same: the plan that follows now differs from the recorded plan."
    assert rest


def answer(app: Any, method: str, path: str, body: bytes = b"") -> tuple[int, Any]:
    """Return the status and the JSON with which an ASGI application answers a request."""
    where, _, query = path.partition("?")
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": where,
        "raw_path": where.encode(),
        "query_string": query.encode(),
        "headers": [(b"content-type", b"application/json")],
        "root_path": "",
        "client": None,
        "server": None,
    }
    parts: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(part: dict[str, Any]) -> None:
        parts.append(part)

    asyncio.run(app(scope, receive, send))
    return parts[0]["status"], json.loads(b"".join(part.get("body", b"") for part in parts[1:]))


def test_the_service_answers_with_the_plan() -> None:
    """A follow-up is answered with its plan, and one that is wrong with each of its problems."""
    pytest.importorskip("fastapi", reason="the service needs the extra 'service'")
    app = runpy.run_path(str(SCRIPTS / "service.py"))["app"]
    body = NORTHUMBRIA.to_json().encode()
    status, plan = answer(app, "POST", "/plans?on=2019-04-11", body)
    assert (status, plan) == (200, assess(NORTHUMBRIA, on="2019-04-11").to_dict())
    wrong = {"force": "kennt", "prospects": "some concerns"}
    status, answered = answer(app, "POST", "/plans?on=2019-04-11", json.dumps(wrong).encode())
    with pytest.raises(NcpiRulesError) as caught:
        FollowUp.from_dict(wrong, name="request")
    assert status == 422
    assert answered["problems"] == [
        {"place": problem.place, "message": problem.message, "help": problem.help}
        for problem in caught.value.problems
    ]


@pytest.mark.parametrize(
    ("body", "place", "message"),
    [
        (b"force: kent", "request:1:1", "This is not JSON from here on."),
        (
            b'{"force": "kent", "force": "surrey"}',
            "request",
            "'force' is written twice between the same curly brackets.",
        ),
        (b'{"note": "Zo\xeb"}', "request:1:13", "The file is not saved as UTF-8 text."),
        (b"", "request", "The file is empty."),
        (b"[]", "request", "A block of names and values belongs here."),
    ],
)
def test_the_service_refuses_what_a_file_may_not_say(body: bytes, place: str, message: str) -> None:
    """What is no JSON, stands twice or is no UTF-8 is answered with its place, and never taken."""
    pytest.importorskip("fastapi", reason="the service needs the extra 'service'")
    app = runpy.run_path(str(SCRIPTS / "service.py"))["app"]
    status, answered = answer(app, "POST", "/plans?on=2019-04-11", body)
    assert status == 422
    assert [(problem["place"], problem["message"]) for problem in answered["problems"]] == [
        (place, message)
    ]


def test_the_service_describes_itself_by_the_published_schemas() -> None:
    """Its OpenAPI has the schemas of a follow-up and a plan, and every reference in it leads on."""
    pytest.importorskip("fastapi", reason="the service needs the extra 'service'")
    app = runpy.run_path(str(SCRIPTS / "service.py"))["app"]
    status, description = answer(app, "GET", "/openapi.json")
    assert status == 200
    parts = description["components"]["schemas"]
    references = set(
        re.findall(r'"\$ref": "#/components/schemas/([^"]+)"', json.dumps(description))
    )
    assert references <= set(parts)
    assert "#/$defs/" not in json.dumps(description)
    for name in ("follow-up", "plan"):
        Draft202012Validator.check_schema(parts[name])
        assert set(parts[name]["properties"]) == set(schema(name)["properties"])
