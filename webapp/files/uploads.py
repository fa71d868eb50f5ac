"""What a browser sends as a file, as the documents take it."""

from typing import BinaryIO, cast

from werkzeug.datastructures import FileStorage

from documents.intake import Upload


def upload_of(file: FileStorage) -> Upload:
    return Upload(name=file.filename or "", data=cast(BinaryIO, file.stream))
