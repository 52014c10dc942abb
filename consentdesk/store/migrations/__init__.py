"""How each schema became the next one, for Alembic."""
