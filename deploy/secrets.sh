#!/bin/sh
# Write to $1 what docker-compose.yml needs to be told: random secrets, and a few facts to change.
set -eu

if [ -e "$1" ]; then
    echo "$1 is there already. The databases, and links that were mailed, need its secrets: keep it." >&2
    exit 2
fi

random() {
    od -An -v -N 32 -t x1 /dev/urandom | tr -d ' \n'
}

umask 077
set -C # never over a file that appeared meanwhile
{
    cat <<'FACTS'
# Read and change these before the first start.

# A short name of this installation. It can never change: events carry it.
INSTANCE=example
# The address people see; what the gateway serves, and the port of this machine that leads to it.
BASE_URL=http://localhost:8080
GATEWAY_ADDRESS=:8080
GATEWAY_PORT=8080
ORGANISATION="Example Minds"
CONTACT_EMAIL=hello@example.org
MAIL_FROM=webinars@example.org
# How mail leaves: sendgrid (with SENDGRID_API_KEY), smtp (with SMTP_HOST, SMTP_USER, SMTP_PASSWORD),
# or mailbox, which keeps each mail as a file until you have decided.
MAIL_TRANSPORT=mailbox
# Of each service: about one process for each core.
WEB_PROCESSES=2

# Random secrets. Keep a copy where you keep your backups: links in mails that were sent, and the
# keys under which people's choices are kept, need LINK_KEYS and ADDRESS_KEY for ever.

FACTS
    echo "LINK_KEYS=1:$(random)"
    for name in ADDRESS_KEY STAFF_KEY FEED_TOKEN POSTGRES_PASSWORD RABBITMQ_PASSWORD; do
        echo "$name=$(random)"
    done
    for service in MEMBERSHIP NOTIFICATIONS REGISTRATION; do
        for name in SECRET_KEY DATABASE_PASSWORD BROKER_PASSWORD; do
            echo "${service}_$name=$(random)"
        done
    done
} >"$1"
echo "$1 is written. Read its first lines, then: docker compose up --build --detach"
