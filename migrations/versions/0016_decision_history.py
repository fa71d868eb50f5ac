"""Answers of decisions, found by decision, rule, person and time, and kept as history is: unchanged, until its time."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql as pg

revision = "0016_decision_history"
down_revision = "0015_scale"
branch_labels = None
depends_on = None

TABLE = "engine_decision_evaluations"
INDEX = f"ix_{TABLE}_decision"

#: the last step is that of the decision itself
_FILL_RULES = f"""
UPDATE {TABLE} SET rules = coalesce(
    (SELECT array_agg(number::int ORDER BY place)
     FROM jsonb_array_elements_text(steps -> -1 -> 'rules') WITH ORDINALITY AS told(number, place)), '{{}}')
"""  # noqa: S608 - constants
#: whose action let the business rule task go on is in the line of history of the same step
_FILL_PEOPLE = f"""
UPDATE {TABLE} e SET person_id = h.person_id, person_name = coalesce(h.person_name, '')
FROM engine_history h
WHERE h.organization_id = e.organization_id AND h.instance_id = e.instance_id AND h.token = e.token
    AND h.kind = 'completed'
"""  # noqa: S608 - constants


def upgrade() -> None:
    op.add_column(TABLE, sa.Column("person_id", sa.Uuid()))
    op.add_column(TABLE, sa.Column("person_name", sa.Text(), nullable=False, server_default=""))
    op.add_column(TABLE, sa.Column("rules", pg.ARRAY(sa.Integer()), nullable=False, server_default="{}"))
    op.execute(_FILL_RULES)
    op.execute(_FILL_PEOPLE)
    op.alter_column(TABLE, "person_name", server_default=None)
    op.alter_column(TABLE, "rules", server_default=None)
    _order_by_decision("organization_id", "decision_id", "id")
    _refer_to_instances(None)  # a cascade would fire the triggers for instances without a row here, too
    op.execute(
        f"CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON {TABLE} "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_history()"
    )
    op.execute(
        f"CREATE TRIGGER keep_young AFTER DELETE ON {TABLE} REFERENCING OLD TABLE AS gone "
        "FOR EACH STATEMENT EXECUTE FUNCTION keep_young_history()"
    )


def downgrade() -> None:
    for trigger in ("keep_young", "append_only"):
        op.execute(f"DROP TRIGGER {trigger} ON {TABLE}")
    _refer_to_instances("CASCADE")
    _order_by_decision("organization_id", "decision_id")
    for column in ("rules", "person_name", "person_id"):
        op.drop_column(TABLE, column)


def _refer_to_instances(on_delete: str | None) -> None:
    name = f"fk_{TABLE}_instance_id"
    op.drop_constraint(name, TABLE, type_="foreignkey")
    op.create_foreign_key(name, TABLE, "engine_instances", ["instance_id"], ["id"], ondelete=on_delete)


def _order_by_decision(*columns: str) -> None:
    op.drop_index(INDEX, table_name=TABLE)
    op.create_index(INDEX, TABLE, list(columns))
