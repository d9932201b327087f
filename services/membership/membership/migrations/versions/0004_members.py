"""Members, what they choose from and agree to, and who has still to forget them."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql
from uuid_utils.compat import uuid7

from shared.db import UtcDateTime

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
# To begin with; `membership choice` changes them.
_FIRST_CHOICES = {
    "background": {
        "lived-experience": "I have lived experience of mental health problems or services",
        "carer": "I am a carer, relative or friend of somebody with lived experience",
        "professional": "I work in health, care or a charity, or study for it",
    },
    "interest": {
        "webinars": "Speaking at webinars, or planning them",
        "meetings": "Reference groups and meetings",
        "reading": "Reading drafts and saying what I think",
        "research": "Research",
        "teaching": "Training staff",
        "interviewing": "Interviewing people who apply for work",
    },
}


def upgrade() -> None:
    """Bring the database to this form."""
    _create_choice()
    _create_member()
    op.create_table(
        "member_choice",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("choice_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_member_choice_member_id_member"
        ),
        sa.ForeignKeyConstraint(
            ["choice_id"], ["choice.id"], name="fk_member_choice_choice_id_choice"
        ),
        sa.PrimaryKeyConstraint("member_id", "choice_id", name="pk_member_choice"),
    )
    _create_consent_statement()
    op.create_table(
        "erasure",
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("service", sa.Text(), nullable=False),
        sa.Column("requested_at", UtcDateTime(), nullable=False),
        sa.Column("completed_at", UtcDateTime()),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name="fk_erasure_member_id_member"),
        sa.PrimaryKeyConstraint("member_id", "service", name="pk_erasure"),
    )


def downgrade() -> None:
    """Bring the database back to the form before; indexes go with their tables."""
    for table in (
        "erasure",
        "consent_statement",
        "member_choice",
        "member",
        "choice",
    ):
        op.drop_table(table)


def _create_choice() -> None:
    choice = op.create_table(
        "choice",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("code", sa.Text(), nullable=False),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("retired_at", UtcDateTime()),
        sa.PrimaryKeyConstraint("id", name="pk_choice"),
        sa.UniqueConstraint("kind", "code", name="uq_choice_kind_code"),
    )
    rows = [
        {"id": uuid7(), "kind": kind, "code": code, "label": label, "position": position}
        for kind, choices in _FIRST_CHOICES.items()
        for position, (code, label) in enumerate(choices.items(), start=1)
    ]
    op.bulk_insert(choice, rows)


def _create_member() -> None:
    op.create_table(
        "member",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_version", sa.Integer(), nullable=False),
        sa.Column("address_key", sa.Text(), nullable=False),
        sa.Column("email", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("reach", sa.Text(), nullable=False),
        sa.Column("phone", sa.Text(), nullable=False),
        sa.Column("post", sa.Text(), nullable=False),
        sa.Column("access_needs", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("joined_at", UtcDateTime()),
        sa.Column("link_generation", sa.Integer(), nullable=False),
        sa.Column("pending", _JSON),
        sa.Column("pending_since", UtcDateTime()),
        sa.Column("pending_generation", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_member"),
        sa.UniqueConstraint("address_key", name="uq_member_address_key"),
    )
    op.create_index("ix_member_pending_since", "member", ["pending_since"])


def _create_consent_statement() -> None:
    op.create_table(
        "consent_statement",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("member_id", sa.Uuid(), nullable=False),
        sa.Column("purpose", sa.Text(), nullable=False),
        sa.Column("wording_version", sa.Integer(), nullable=False),
        sa.Column("wording", sa.Text(), nullable=False),
        sa.Column("given", sa.Boolean(), nullable=False),
        sa.Column("how", sa.Text(), nullable=False),
        sa.Column("stated_at", UtcDateTime(), nullable=False),
        sa.ForeignKeyConstraint(
            ["member_id"], ["member.id"], name="fk_consent_statement_member_id_member"
        ),
        sa.PrimaryKeyConstraint("id", name="pk_consent_statement"),
    )
    op.create_index("ix_consent_statement_member", "consent_statement", ["member_id", "id"])
