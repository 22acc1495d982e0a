"""The sidecar: a file NAME.meta.json beside NAME that says what NAME cannot, or says wrongly."""

import json

from pydantic import ValidationError

from kb.errors import UnreadableFile
from kb.read.decoding import decode
from kb.records import Metadata

SIDECAR_SUFFIX = ".meta.json"


def read_sidecar(data: bytes) -> Metadata:
    """What a sidecar says. Raises UnreadableFile, naming the field that is wrong."""
    known = ", ".join(Metadata.model_fields)
    try:
        return Metadata.model_validate(json.loads(decode(data)))
    except ValidationError as error:
        fault = error.errors()[0]
        where = ".".join(str(part) for part in fault["loc"])
        raise UnreadableFile(f"the sidecar's field {where!r}: {fault['msg']}; its fields are {known}") from None
    except (ValueError, RecursionError):
        raise UnreadableFile(f"the sidecar is no JSON object; its fields are {known}") from None
