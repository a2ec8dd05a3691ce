"""The NetBox that ``make demo`` and ``make test`` run: embedded PostgreSQL and Valkey, and demo data."""
