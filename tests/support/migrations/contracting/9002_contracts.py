"""The version after 9001, which removes what only programs older than 9001 read."""

import sqlalchemy as sa
from alembic import op

revision = "9002"
down_revision = "9001"
branch_labels = None
depends_on = None

oldest_serving = "9001"


def upgrade() -> None:
    with op.batch_alter_table("gebeurtenis") as gebeurtenis:
        gebeurtenis.alter_column("soort", existing_type=sa.String(20), new_column_name="kind")
