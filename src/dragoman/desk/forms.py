"""Read what a browser sends with a form, within limits."""

from __future__ import annotations

from collections.abc import AsyncIterator
from urllib.parse import parse_qsl

from fastapi import Request
from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser

from dragoman.errors import DragomanError

_MAX_FORM = 256 * 1024
_MAX_FILE = 8 * 1024 * 1024
_MAX_FIELDS = 500

Fields = tuple[tuple[str, str], ...]


async def read_form(request: Request, *, takes_file: bool) -> tuple[Fields, bytes]:
    """Read a form's fields and its file, if it may have one.

    Raises `DragomanError` for what is too large or no form.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    is_multipart = kind == "multipart/form-data" and takes_file
    body = await _read_body(request, _MAX_FILE if is_multipart else _MAX_FORM)
    if is_multipart:
        return await _read_parts(request, body)
    if kind != "application/x-www-form-urlencoded":
        raise DragomanError("this is no form of the desk; go back and send it again")
    try:
        return tuple(
            parse_qsl(body.decode("utf-8"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
        ), b""
    except ValueError as error:
        raise DragomanError("this form cannot be read; go back and send it again") from error


async def _read_body(request: Request, limit: int) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > limit:
            raise DragomanError(f"that is more than {limit // 1024} KB; send less at once")
    return bytes(body)


async def _read_parts(request: Request, body: bytes) -> tuple[Fields, bytes]:
    async def stream() -> AsyncIterator[bytes]:
        yield body

    parser = MultiPartParser(request.headers, stream(), max_files=1, max_fields=_MAX_FIELDS)  # type: ignore[arg-type]
    try:
        form = await parser.parse()
    except (MultiPartException, UnicodeDecodeError, ValueError) as error:
        raise DragomanError("this form cannot be read; go back and send it again") from error
    fields, file = [], b""
    for name, value in form.multi_items():
        if isinstance(value, UploadFile):
            file = await value.read()
        else:
            fields.append((name, value))
    await form.close()
    return tuple(fields), file
