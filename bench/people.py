"""People of the demo agency as actors."""

import functools

from directory import queries
from directory.actors import Actor


@functools.cache
def actor(username: str) -> Actor:
    """Raises LookupError. Needs an open transaction the first time."""
    person = queries.find_person(username)
    if person is None:
        raise LookupError(username)
    return queries.get_actor(person.id)
