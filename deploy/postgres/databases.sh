#!/bin/sh
# A database for each service, and a role that may enter that one alone. The image of PostgreSQL
# runs this once, when it has made its files.
set -eu

psql="psql --quiet --no-psqlrc --username $POSTGRES_USER --dbname $POSTGRES_DB -v ON_ERROR_STOP=1"

for service in membership notifications registration; do
    variable=$(echo "$service" | tr '[:lower:]' '[:upper:]')_DATABASE_PASSWORD
    $psql -v service="$service" <<SQL
\\getenv password $variable
create role :service login password :'password';
create database :service owner :service
    template template0 encoding 'UTF8' locale 'C.UTF-8'; -- the same order on every system, for ever
revoke all on database :service from public;
SQL
done

$psql <<'SQL'
revoke all on database postgres, template1 from public;
SQL
