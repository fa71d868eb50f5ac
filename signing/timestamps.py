"""Time-stamp authorities: who proves when a signature existed."""

import dataclasses
import pathlib


@dataclasses.dataclass(frozen=True, kw_only=True, repr=False)
class Timestamps:
    """The authority of a demo folder; its time is the `at` of the signing."""

    @classmethod
    def of_folder(cls, folder: pathlib.Path) -> "Timestamps":
        raise NotImplementedError
