#!/usr/bin/env bash
# Runs a real Tango database, MariaDB and Tango's DataBaseds, until it is ended by
# SIGTERM or SIGINT. No root, no systemd, nothing outside FOLDER, nothing that listens
# anywhere but on 127.0.0.1.
#
#     tests/interop/real_database.sh FOLDER PORT
#
# Prints `TANGO_HOST=127.0.0.1:PORT` and `Ready to accept request` once it answers. What
# it knows stays in FOLDER: started there again, it goes on where it ended.
# Needs Debian's mariadb-server and tango-db.
set -euo pipefail

if [ "$#" -ne 2 ] || [ "${1#-}" != "$1" ]; then
    sed -n '2,/^set/{/^set/!s/^# \{0,1\}//p}' "${BASH_SOURCE[0]}"
    exit 2
fi
mkdir -p "$1"
folder=$(cd "$1" && pwd)
port=$2
schema=/usr/share/dbconfig-common/data/tango-db/install/mysql
tables=/usr/lib/tango/DataBaseds
socket=$folder/mariadb.socket
mariadbd=
database=

fail() {
    echo "real database: $*" >&2
    exit 1
}

# shellcheck disable=SC2317 # the trap calls it
stop() {
    local pid
    trap - EXIT
    for pid in $database $mariadbd; do
        kill "$pid" 2>/dev/null || continue
        for _ in {1..100}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
}
trap stop EXIT
trap 'exit 0' INT TERM

sql() { mariadb --no-defaults --socket="$socket" --user=root "$@"; }

# until SECONDS PID COMMAND...: the command must succeed in time, and the process live.
until_it_works() {
    local tries=$(($1 * 10)) pid=$2
    shift 2
    for ((; tries > 0; tries--)); do
        "$@" >/dev/null 2>&1 && return 0
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

for needed in "$schema" "$tables"; do
    [ -r "$needed" ] || fail "$needed is missing; on Debian: apt-get install tango-db"
done
PATH=$PATH:/usr/sbin
command -v mariadbd >/dev/null || fail "mariadbd is missing; on Debian: apt-get install mariadb-server"

# a port for MariaDB on which nothing listens, below those that the kernel gives to
# clients: DataBaseds connects by TCP only
for _ in {1..100}; do
    inner=$((20000 + RANDOM % 12768))
    (exec 3<>"/dev/tcp/127.0.0.1/$inner") 2>/dev/null || break
done

if [ ! -d "$folder/data/mysql" ]; then
    mariadb-install-db --no-defaults --user="$(id -un)" --datadir="$folder/data" \
        --auth-root-authentication-method=normal --skip-test-db --force >"$folder/install.log" 2>&1 ||
        fail "no data folder could be made: see $folder/install.log"
fi
mariadbd --no-defaults --user="$(id -un)" --datadir="$folder/data" --socket="$socket" \
    --pid-file="$folder/mariadb.pid" --bind-address=127.0.0.1 --port="$inner" --skip-log-bin \
    --character-set-server=latin1 --skip-character-set-client-handshake \
    --innodb-buffer-pool-size=32M --innodb-flush-log-at-trx-commit=0 \
    >>"$folder/mariadbd.log" 2>&1 </dev/null &
mariadbd=$!
until_it_works 30 "$mariadbd" sql -e 'select 1' ||
    fail "MariaDB does not start: see $folder/mariadbd.log"
if ! sql -e 'select 1 from tango.device limit 1' >/dev/null 2>&1; then
    sql -e "create database tango;
        create user 'tango'@'localhost' identified by 'tango';
        create user 'tango'@'127.0.0.1' identified by 'tango';
        grant all on tango.* to 'tango'@'localhost';
        grant all on tango.* to 'tango'@'127.0.0.1';"
    sql tango <"$schema"
fi

MYSQL_HOST=127.0.0.1:$inner MYSQL_USER=tango MYSQL_PASSWORD=tango MYSQL_DATABASE=tango \
    TANGO_HOST=127.0.0.1:$port \
    "$tables" 2 -ORBendPoint "giop:tcp:127.0.0.1:$port" >>"$folder/databaseds.log" 2>&1 </dev/null &
database=$!
# it says that it is ready before the first one who asks gets an answer
export TANGO_HOST=127.0.0.1:$port
until_it_works 30 "$database" tango_admin --ping-database 1 ||
    fail "DataBaseds does not start: see $folder/databaseds.log"
echo "TANGO_HOST=$TANGO_HOST"
echo "Ready to accept request"
wait -n "$mariadbd" "$database" || true
fail "ended by itself: see $folder"
