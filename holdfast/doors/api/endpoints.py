"""The API itself: its rooms, how it reads and writes JSON, and its OpenAPI description."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest
from ninja import NinjaAPI
from ninja.parser import Parser
from ninja.renderers import JSONRenderer
from ninja.responses import NinjaJSONEncoder

from holdfast.core.arrivals import ReadError
from holdfast.doors.api import (
    casefiles,
    deeds,
    editions,
    inboxes,
    leaving,
    moves,
    opening,
    services,
    slots,
    surroundings,
    telephone,
)
from holdfast.doors.api.caller import BySession, ByToken
from holdfast.doors.api.problems import MEDIA_TYPE, handle, problem
from holdfast.doors.api.shapes import ProblemOut
from holdfast.doors.fhir.strict_json import read_object

VERSION = "1.0.0"
#: What any operation may answer besides success.
PROBLEMS = frozenset({400, 401, 403, 404, 405, 409, 412, 413, 422, 428})
_FILES = {"/evidence.pdf": "application/pdf", "/evidence.signed": "application/octet-stream"}


class StrictParser(Parser):
    """Refuses whatever two readers could understand in two ways: repeated names, NaN, lone surrogates, great depth."""

    def parse_body(self, request: HttpRequest) -> Any:
        """One JSON object."""
        try:
            return read_object(request.body)
        except ReadError:
            says = "The body is not one JSON object in UTF-8 that can be read in one way only."
            raise problem(400, says) from None


class Encoder(NinjaJSONEncoder):
    def default(self, o: Any) -> Any:
        """Instants whole: Django's own encoder cuts them to milliseconds, and an instant that is asked for must be the one given."""
        return o.isoformat() if isinstance(o, datetime) else super().default(o)


class Renderer(JSONRenderer):
    encoder_class = Encoder


class Api(NinjaAPI):
    """Describes problems as what they are: another media type than success."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> Any:
        """OpenAPI 3.1, with every problem an operation may answer."""
        schema = super().get_openapi_schema(*args, **kwargs)
        shape = {"$ref": "#/components/schemas/ProblemOut"}
        schemas = schema["components"]["schemas"]
        schemas.setdefault("ProblemOut", _definition(schemas))
        refused = {"description": "A problem", "content": {MEDIA_TYPE: {"schema": shape}}}
        for path, operations in schema["paths"].items():
            for operation in operations.values():
                answers = operation["responses"]
                for ending, kind in _FILES.items():
                    if path.endswith(ending):
                        binary = {"type": "string", "format": "binary"}
                        answers[200] = {"description": "OK", "content": {kind: {"schema": binary}}}
                answers.update({status: refused for status in sorted(PROBLEMS) if status not in answers})
        return schema


def _definition(schemas: dict[str, Any]) -> dict[str, Any]:
    shape = ProblemOut.model_json_schema(ref_template="#/components/schemas/{model}")
    for name, inner in shape.pop("$defs", {}).items():
        schemas.setdefault(name, inner)
    return shape


api = Api(
    title="Holdfast",
    version=VERSION,
    description=(
        "Handoffs between services that cannot get lost. Sign in with `Authorization: Bearer …`. Each change carries an"
        " `Idempotency-Key`, and `If-Match` with the ETag of the case where it changes one; what is refused says why, what is"
        " missing and what is possible instead (RFC 9457). Values are given plainly, or as"
        ' `{"how": "none-known"}` where none is.'
    ),
    urls_namespace="api",
    docs_url=None,
    auth=[ByToken(), BySession()],
    parser=StrictParser(),
    renderer=Renderer(),
)
handle(api)
# ``opening`` answers at the address of a list of ``worklists``, so the two share a router.
for _room in (opening, casefiles, deeds, inboxes, editions, slots, leaving, services, surroundings, moves, telephone):
    api.add_router("", _room.router)
