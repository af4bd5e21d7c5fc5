"""One row that is raised with every change of what an employee may do."""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    rechten = op.create_table(
        "rechten",
        sa.Column("versie", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("versie", name=op.f("pk_rechten")),
    )
    op.bulk_insert(rechten, [{"versie": 1}])
