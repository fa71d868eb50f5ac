"""A set of files as a browser sends it: several files, a zip of them, or the set that the page itself carries.

What was checked stays in the page (packed, in a hidden field), so that it can be deployed without being chosen again,
with or without JavaScript.
"""

import base64
import io
import lzma
import zipfile
import zlib
from collections.abc import Iterable, Mapping

from flask import request
from werkzeug.datastructures import FileStorage

from engine import form_names, registry
from engine.errors import Problem
from forms import checking, schema
from forms.errors import FormBroken
from kernel.errors import Invalid
from kernel.text import nfc
from webapp.forms import GIVEN

MAX_FILES = 200
MAX_BYTES = 10 * 1024 * 1024  #: of all files, unpacked
MAX_PACKED = 3 * 1024 * 1024  #: what the page can carry
FIELD = "files"
LONGEST_NAME = 200  #: characters of a file's name
#: what zipfile and the packers beneath say of bytes that are no archive
BROKEN = (zipfile.BadZipFile, zlib.error, lzma.LZMAError, ValueError, RuntimeError, EOFError, OSError)


def read_request() -> dict[str, bytes]:
    """File name -> bytes: what was chosen now, else what the page carries. Raises Invalid."""
    chosen = [upload for upload in request.files.getlist(FIELD) if upload.filename]
    if chosen:
        return _read(chosen)
    packed = request.form.get("packed", "")
    if not packed:
        raise Invalid({FIELD: "Chọn ít nhất một tệp .bpmn, .dmn, .form hoặc một tệp .zip."})
    try:
        return dict(_unpacked(base64.b64decode(packed, validate=True)))
    except ValueError:  # also text that is not ASCII
        raise _broken() from None


def pack(files: Mapping[str, bytes]) -> str:
    """The set as the page carries it. Raises Invalid when it cannot."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)
    if buffer.tell() > MAX_PACKED:
        raise Invalid({FIELD: "Bộ tệp quá lớn, nén lại vẫn trên 3 MB. Chia thành nhiều lần triển khai."})
    return base64.b64encode(buffer.getvalue()).decode()


def form_problems(files: Mapping[str, bytes]) -> list[Problem]:
    """Forms that our pages could not show as drawn, and names in their expressions that nobody knows."""
    known = form_names.known_to_forms(files)
    return [
        Problem(
            element_id="", element_name="", line=0, level=level, sentence=sentence, file=name if len(files) > 1 else ""
        )
        for name, data in files.items()
        if name.endswith(".form")
        for level, sentence in _form_findings(data, known)
    ]


def _form_findings(data: bytes, known: Mapping[str, frozenset[str]]) -> list[tuple[str, str]]:
    try:
        form = schema.load(data)
    except FormBroken as broken:
        return [(checking.ERROR, broken.sentence)]
    variables = known[form.id] | GIVEN if form.id in known else None
    found = checking.check(form, registry.function_names(), variables)
    return [(finding.level, finding.sentence) for finding in found]


def _read(uploads: Iterable[FileStorage]) -> dict[str, bytes]:
    files: dict[str, bytes] = {}
    for upload in uploads:
        name, data = nfc(upload.filename or ""), upload.read(MAX_BYTES + 1)
        upload.close()  # a large one lies in a file of its own
        parts = _unpacked(data) if name.lower().endswith(".zip") else [(name, data)]
        for part, content in parts:
            if not part.isprintable() or len(part) > LONGEST_NAME:
                raise Invalid({FIELD: f"Tên tệp có ký tự lạ hoặc dài quá {LONGEST_NAME} ký tự. Đổi tên rồi gửi lại."})
            if part in files:
                raise Invalid({FIELD: f"Có hai tệp cùng tên {part}."})
            files[part] = content
    _check_size(len(files), sum(map(len, files.values())))
    return files


def _unpacked(data: bytes) -> Iterable[tuple[str, bytes]]:
    """Bounded by what the archive's files really are, not by what it says of them."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = [one for one in archive.infolist() if not one.is_dir() and not _is_hidden(one.filename)]
            _check_size(len(members), sum(one.file_size for one in members))
            found = [(nfc(one.filename), archive.open(one).read(MAX_BYTES + 1)) for one in members]
    except BROKEN as wrong:
        raise _broken() from wrong
    _check_size(len(found), sum(len(content) for _, content in found))
    return found


def _is_hidden(name: str) -> bool:
    """What file managers leave behind."""
    return name.startswith("__MACOSX/") or name.rpartition("/")[2].startswith(".")


def _check_size(count: int, size: int) -> None:
    if count > MAX_FILES:
        raise Invalid({FIELD: f"Bộ có {count} tệp; tối đa {MAX_FILES}."})
    if size > MAX_BYTES:
        raise Invalid({FIELD: "Bộ tệp quá lớn: tối đa 10 MB. Chia thành nhiều lần triển khai."})


def _broken() -> Invalid:
    return Invalid({FIELD: "Tệp zip hỏng hoặc có mật khẩu. Nén lại rồi gửi lần nữa."})
