"""A web service that assesses a follow-up: uvicorn service:app, in this folder.

It needs FastAPI. Its OpenAPI description is made of the schemas that the library publishes, and
what is wrong with a follow-up is answered problem by problem, as in a file. Assessing takes less
than a millisecond once the rules are compiled, so it is called as it is; the library may be called
from any thread.
"""

import json
from typing import Any

from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, Response

from ncpi_rules import FollowUp, NcpiRulesError, assess
from ncpi_rules.io import schema

FOLLOW_UP, PLAN = "follow-up", "plan"


def described(name: str) -> dict[str, Any]:
    """Return where a published schema stands in the service's description."""
    return {"$ref": f"#/components/schemas/{name}"}


app = FastAPI(title="Follow-up after a national child protection inspection")


@app.exception_handler(NcpiRulesError)
async def tell(_: Request, fault: NcpiRulesError) -> JSONResponse:
    """Answer with each problem: its place, what is wrong, and how to mend it."""
    problems = [
        {"place": one.place, "message": one.message, "help": one.help} for one in fault.problems
    ]
    return JSONResponse({"problems": problems}, status_code=422)


@app.post(
    "/plans",
    responses={200: {"content": {"application/json": {"schema": described(PLAN)}}}},
    openapi_extra={
        "requestBody": {"content": {"application/json": {"schema": described(FOLLOW_UP)}}}
    },
)
async def plan_of(on: str, request: Request) -> Response:
    """Assess a follow-up on a day, such as ?on=2019-04-11, and return its plan."""
    follow_up = FollowUp.from_json(await request.body(), name="request")
    return Response(assess(follow_up, on=on).to_json(), media_type="application/json")


def openapi() -> dict[str, Any]:
    """Return the description of the service, with the library's own schemas in it."""
    if app.openapi_schema is None:
        whole = FastAPI.openapi(app)
        parts = whole.setdefault("components", {}).setdefault("schemas", {})
        for name in (FOLLOW_UP, PLAN):
            text = json.dumps(schema(name)).replace("#/$defs/", f"#/components/schemas/{name}.")
            described = json.loads(text)
            inside = described.pop("$defs", {})
            parts |= {name: described, **{f"{name}.{part}": one for part, one in inside.items()}}
        app.openapi_schema = whole
    return app.openapi_schema


app.openapi = openapi  # type: ignore[method-assign]
