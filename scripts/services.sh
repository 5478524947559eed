#!/usr/bin/env bash
# Make sure that the servers and tools of the whole test suite are on this (Debian) machine:
#   scripts/services.sh database   PostgreSQL and Redis answer on 127.0.0.1
#   scripts/services.sh browser    Chromium, and pdftoppm for looking at PDFs
#   scripts/services.sh all        both
#   scripts/services.sh status     only tell; 1 when something is missing
# What is missing is installed with apt-get and started. Neither is needed for `make run`
# or `make test`, which leave out what is not there.
set -euo pipefail
export DEBIAN_FRONTEND=noninteractive

main() {
    case "${1:-status}" in
        database) postgres; redis ;;
        browser) browser ;;
        all) postgres; redis; browser ;;
        status) status ;;
        *) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 2 ;;
    esac
}

die() {
    echo "services.sh: $*" >&2
    exit 1
}

# ------------------------------------------------------------------ what answers

postgres_answers() {
    psql -X -q -A -t -w -h 127.0.0.1 -p 5432 -U postgres -d postgres -c 'select 1' \
        >/dev/null 2>&1
}

redis_answers() {
    redis-cli -h 127.0.0.1 -p 6379 ping 2>/dev/null | grep -q PONG
}

port_is_taken() {
    (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null
}

has() {
    command -v "$1" >/dev/null 2>&1
}

has_browser() {
    has chromium || has chromium-browser || has google-chrome
}

# ------------------------------------------------------------------ how to bring it

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif has sudo && sudo -n true 2>/dev/null; then
        sudo -n --preserve-env=DEBIAN_FRONTEND "$@"
    else
        die "need to be root, or sudo without a password, for: $*"
    fi
}


install() {
    has apt-get || die "cannot install $*: this is no Debian; install it and start again"
    echo "services.sh: installing $*"
    if [ -z "${updated:-}" ]; then
        as_root apt-get update -qq || die "apt-get update failed"
        updated=yes
    fi
    as_root apt-get install -y -qq --no-install-recommends "$@" </dev/null >/dev/null \
        || die "apt-get could not install $*"
}

wait_for() {
    local tries
    for tries in $(seq 60); do
        "$1" && return
        sleep 0.5
    done
    return 1
}

# ------------------------------------------------------------------ one by one

postgres() {
    has psql || install postgresql-client
    if ! postgres_answers; then
        port_is_taken 5432 && die "a PostgreSQL on 127.0.0.1:5432 does not let postgres in" \
            "without a password; name another in LIMS_TEST_POSTGRES_URL, or allow it"
        start_postgres
        wait_for postgres_answers || die "PostgreSQL was started but does not answer"
    fi
    echo "PostgreSQL answers on 127.0.0.1:5432"
}

start_postgres() {
    if ! has pg_lsclusters || [ -z "$(pg_lsclusters -h)" ]; then
        install postgresql
        trust_this_machine
    fi
    local version cluster
    read -r version cluster _ < <(pg_lsclusters -h | sort -V | tail -n 1)
    [ -n "${cluster:-}" ] || die "PostgreSQL is installed but has no cluster"
    as_root pg_ctlcluster --skip-systemctl-redirect "$version" "$cluster" restart
}

# Only in the cluster that was made here a moment ago, and only for connections from here.
trust_this_machine() {
    local version cluster
    read -r version cluster _ < <(pg_lsclusters -h | sort -V | tail -n 1)
    as_root sed -i -E '/^host .*(127\.0\.0\.1|::1)/s/[^ ]+$/trust/' \
        "/etc/postgresql/$version/$cluster/pg_hba.conf"
}

redis() {
    has redis-cli || install redis-tools
    if ! redis_answers; then
        port_is_taken 6379 && die "something on 127.0.0.1:6379 is no open Redis"
        has redis-server || install redis-server
        redis_answers || redis-server --daemonize yes --bind 127.0.0.1 --port 6379 \
            --save '' --appendonly no --dir "${TMPDIR:-/tmp}" >/dev/null
        wait_for redis_answers || die "Redis was started but does not answer"
    fi
    echo "Redis answers on 127.0.0.1:6379"
}

browser() {
    has_browser || install chromium
    has pdftoppm || install poppler-utils
    echo "Chromium and pdftoppm are here"
}

status() {
    local missing=0
    tell "PostgreSQL on 127.0.0.1:5432" postgres_answers || missing=1
    tell "Redis on 127.0.0.1:6379" redis_answers || missing=1
    tell "Chromium" has_browser || missing=1
    tell "pdftoppm" has pdftoppm || missing=1
    return "$missing"
}

tell() {
    local name=$1
    shift
    if "$@"; then echo "$name: yes"; else echo "$name: no"; return 1; fi
}

main "$@"
