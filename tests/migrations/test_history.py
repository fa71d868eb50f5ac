"""The schema's history: from nothing to the newest state, equal to the models, and one step back."""

import alembic.autogenerate
import pytest
import sqlalchemy as sa
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from kernel.db import Base
from migrations import schema
from migrations.models import is_ours


@pytest.fixture
def empty(cluster):
    name = cluster.create()
    yield cluster.url_of(name)
    cluster.drop(name)


def differences(url):
    engine = sa.create_engine(url.replace("postgresql://", "postgresql+psycopg://", 1), poolclass=sa.NullPool)
    with engine.connect() as connection:
        options = {"include_object": is_ours, "compare_type": True}
        return alembic.autogenerate.compare_metadata(
            MigrationContext.configure(connection, opts=options), Base.metadata
        )


def test_an_empty_database_has_no_state(empty):
    assert schema.find_current(empty) is None


def test_migrations_make_exactly_what_the_models_say(empty):
    schema.upgrade(empty)

    assert schema.find_current(empty) == schema.newest()
    assert differences(empty) == []


def test_the_newest_migration_can_be_taken_back_and_made_again(empty):
    schema.upgrade(empty)

    schema.downgrade(empty, revision="-1")
    assert schema.find_current(empty) != schema.newest()
    schema.upgrade(empty)

    assert differences(empty) == []


def test_the_whole_history_can_be_taken_back(empty):
    schema.upgrade(empty)

    schema.downgrade(empty, revision="base")
    schema.upgrade(empty)

    assert differences(empty) == []


def test_the_history_is_one_line_and_named_as_its_files():
    script = ScriptDirectory.from_config(schema.config_for(""))

    assert script.get_heads() == [schema.newest()]
    assert all(
        revision.revision == revision.module.__name__.removesuffix("_py") for revision in script.walk_revisions()
    )
