"""NAME.meta.json beside a file NAME: what a person knows about it, stronger than what the file says of itself."""

from pydantic import ValidationError

from kb.errors import UnreadableFile
from kb.read import fields, strictjson
from kb.read.decoding import decode
from kb.records import Metadata

SIDECAR_SUFFIX = ".meta.json"


def read_sidecar(data: bytes) -> Metadata:
    """The fields of ``Metadata`` from one JSON object. Raises UnreadableFile naming what is unknown or wrong."""
    try:
        found = strictjson.loads(decode(data))
    except ValueError as error:
        raise UnreadableFile(f"The sidecar is not JSON: {error}.") from None
    if not isinstance(found, dict):
        raise UnreadableFile('The sidecar is not one JSON object like {"published": "2020-01-08"}.')
    known = sorted(Metadata.model_fields)
    unknown = sorted(set(found) - set(known))
    if unknown:
        names = ", ".join(fields.whole(name[:40]) for name in unknown[:10])
        raise UnreadableFile(f"The sidecar has fields that kb does not know: {names}. It knows: {', '.join(known)}.")
    try:
        return Metadata.model_validate(found)
    except ValidationError as error:
        fault = error.errors()[0]
        raise UnreadableFile(f"The sidecar's field {fault['loc'][0]}: {fault['msg'].lower()}.") from None
