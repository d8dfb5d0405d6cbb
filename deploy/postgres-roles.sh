#!/bin/bash
# Runs once, when the database is made: the portal's own role works with rows and cannot change tables.
# MAINTAIN: the indexer has a new generation of the catalogue analysed, or the planner takes it for empty.
# Limits stand on the role because PgBouncer passes no start-up options on.
set -euo pipefail
psql -v ON_ERROR_STOP=1 -v password="$DATABASE_PASSWORD" -U "$POSTGRES_USER" -d "$POSTGRES_DB" <<'SQL'
CREATE ROLE portal LOGIN PASSWORD :'password';
ALTER ROLE portal SET statement_timeout = '60s';
ALTER ROLE portal SET lock_timeout = '5s';
ALTER ROLE portal SET idle_in_transaction_session_timeout = '120s';
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT USAGE ON SCHEMA public TO portal;
ALTER DEFAULT PRIVILEGES GRANT SELECT, INSERT, UPDATE, DELETE, MAINTAIN ON TABLES TO portal;
ALTER DEFAULT PRIVILEGES GRANT USAGE, SELECT ON SEQUENCES TO portal;
SQL
