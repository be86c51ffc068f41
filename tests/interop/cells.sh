# shellcheck shell=bash disable=SC2154,SC2030,SC2031
# What each trial of the matrix does. Sourced by matrix.sh, after servers.sh; `peer` and
# `python` say whom it is about.

wire_client() { "${INTEROP_BUILT:?}/examples/wire_client" "$@"; }
everything_client() { "$python" "$interop/everything_client.py" "$@"; }

plain_device=test/everything/1
wire_device=test/wire/1

# More than a server drops of 5,000 events; cppTango's own mark is 1,000.
high_water_mark=20000

# start NAME COMMAND...: starts a server that says when it is ready. `{port}` becomes a
# free port. Sets `server` (the process) and `port`; tries three ports.
start() {
    local name=$1 log=$scratch/$1.log
    shift
    for _ in 1 2 3; do
        free_port
        "${@//\{port\}/$port}" >"$log" 2>&1 </dev/null &
        server=$!
        pids+=("$server")
        wait_for_line "$server" "$log" 'Ready to accept request' && return
        kill -9 "$server" 2>/dev/null || true
        tail -n 5 "$log" >&2
    done
    fail "$name does not start"
}

# keep_serving NAME [PORT] COMMAND...: as start, and again whenever it ends: at the same
# port if one is given, else at another.
keep_serving() {
    local name=$1 log=$scratch/$1.log given=
    shift
    case $1 in [0-9]*) given=$1 && shift ;; esac
    (
        child=
        trap 'kill -9 "$child" 2>/dev/null || true; exit 0' TERM
        while :; do
            if [ -n "$given" ]; then port=$given; else free_port; fi
            "${@//\{port\}/$port}" >>"$log" 2>&1 </dev/null &
            child=$!
            wait "$child" || true
            sleep 1
        done
    ) 2>/dev/null &
    server=$!
    pids+=("$server")
    wait_for_line "$server" "$log" 'Ready to accept request' || {
        tail -n 5 "$log" >&2
        fail "$name does not start"
    }
}

# Sets `serve` to the command of a server of the plain device without a database.
without_database() {
    case $peer in
    own) serve=("$INTEROP_BUILT/examples/wire_server" --port '{port}') ;;
    *) serve=("$python" "$interop/everything.py" test -nodb -dlist "$plain_device"
        -ORBendPoint 'giop:tcp:127.0.0.1:{port}') ;;
    esac
}

# Sets `serve` to the command of one that is in the database at TANGO_HOST.
with_database() {
    case $peer in
    own) serve=("$INTEROP_BUILT/examples/wire_server" --port '{port}'
        --tango-host "$TANGO_HOST") ;;
    tangotest) serve=(/usr/lib/tango/TangoTest test
        -ORBendPoint 'giop:tcp:127.0.0.1:{port}') ;;
    *) serve=("$python" "$interop/everything.py" test
        -ORBendPoint 'giop:tcp:127.0.0.1:{port}') ;;
    esac
}

at() { echo "tango://127.0.0.1:$port/$1#dbase=no"; }

run_cell() {
    case $1 in
    server) cell_server ;;
    overrun) cell_overrun ;;
    restart) cell_restart ;;
    old-device) cell_old_device 4 old-device ;;
    refused-device) cell_old_device 3 refused-device ;;
    client) cell_client ;;
    client-restart) cell_client_restart ;;
    own-database) cell_own_database ;;
    real-database) cell_real_database ;;
    *) fail "there is no trial $1" ;;
    esac
}

cell_server() {
    if [ "$peer" = tangotest ]; then
        start TangoTest /usr/lib/tango/TangoTest test -nodb -dlist sys/tg_test/1 \
            -ORBendPoint 'giop:tcp:127.0.0.1:{port}'
        wire_client "$(at sys/tg_test/1)" tango-test
        return
    fi
    without_database
    export TANGO_DS_EVENT_BUFFER_HWM=$high_water_mark
    start everything "${serve[@]}"
    wire_client "$(at "$plain_device")" calls errors attributes qualities configurations \
        configure black-box locking events burst kinds
}

cell_overrun() {
    without_database
    start everything "${serve[@]}"
    wire_client "$(at "$plain_device")" overrun
}

cell_restart() {
    without_database
    free_port
    keep_serving everything "$port" "${serve[@]}"
    wire_client "$(at "$plain_device")" restart
}

cell_old_device() {
    start old_device env OLD_DEVICE_IDL="$1" "$python" "$interop/old_device.py" test -nodb \
        -dlist test/old/1 -ORBendPoint 'giop:tcp:127.0.0.1:{port}'
    wire_client "$(at test/old/1)" "$2"
}

cell_client() {
    start wire_server "$INTEROP_BUILT/examples/wire_server" --port '{port}'
    everything_client "$(at "$plain_device")" calls errors attributes configurations \
        configure black-box events kinds burst
}

cell_client_restart() {
    free_port
    keep_serving wire_server "$port" "$INTEROP_BUILT/examples/wire_server" --port '{port}'
    everything_client "$(at "$plain_device")" restart
}

cell_own_database() {
    own=("$INTEROP_BUILT/examples/wire_server" --database --port '{port}'
        --state "$scratch/state.json")
    start database "${own[@]}"
    local database=$server place=$port
    export TANGO_HOST=127.0.0.1:$place
    in_a_database
    # ours is killed, and comes back at another port, under their client
    case $peer in
    9.5.1 | 10.3.1 | debian)
        kill -9 "$wire_server"
        wait "$wire_server" 2>/dev/null || true
        keep_serving wire_server_again "${serve_wire[@]}"
        tried everything_client "$wire_device" restart
        ;;
    *) ;; # see `patient` in matrix.sh
    esac
    # the database ends; who has found a device goes on; it comes back with its file
    local log=$scratch/gone.log client status=0
    wire_client "$(device_in_database)" database-gone >"$log" 2>&1 &
    client=$!
    pids+=("$client")
    wait_for_line "$client" "$log" 'end the database now' && kill "$database"
    if wait_for_line "$client" "$log" 'start the database now'; then
        "${own[@]//\{port\}/$place}" >"$scratch/again.log" 2>&1 </dev/null &
        pids+=("$!")
    fi
    wait "$client" || status=$?
    cat "$log"
    [ "$status" -eq 0 ] || failures+=("wire_client database-gone")
    end_of_cell
}

cell_real_database() {
    start real_database "$interop/real_database.sh" "$scratch/real" '{port}'
    local database=$server place=$port
    export TANGO_HOST=127.0.0.1:$place
    in_a_database
    # it is restarted under living clients
    local log=$scratch/database-restart clients=() one
    wire_client "$(device_in_database)" database-restart >"$log-wire.log" 2>&1 &
    clients+=("wire $!")
    case $peer in
    own | tangotest) ;;
    *)
        everything_client "$wire_device" database-restart >"$log-python.log" 2>&1 &
        clients+=("python $!")
        ;;
    esac
    for one in "${clients[@]}"; do
        pids+=("${one#* }")
        wait_for_line "${one#* }" "$log-${one% *}.log" 'restart the database now' || true
    done
    kill "$database"
    wait "$database" 2>/dev/null || true
    sleep 1
    "$interop/real_database.sh" "$scratch/real" "$place" >"$scratch/again.log" 2>&1 </dev/null &
    pids+=("$!")
    for one in "${clients[@]}"; do
        wait "${one#* }" || failures+=("database-restart, ${one% *} client")
        cat "$log-${one% *}.log"
    done
    end_of_cell
}

device_in_database() {
    if [ "$peer" = tangotest ]; then echo sys/tg_test/1; else echo "$plain_device"; fi
}

# tried COMMAND...: notes that it failed, and goes on.
failures=()
tried() {
    "$@" || failures+=("$*")
}

end_of_cell() {
    [ "${#failures[@]}" -eq 0 ] || fail "$(printf '%s; ' "${failures[@]}")"
}

# Its server and ours in the database at TANGO_HOST; both clients find both.
in_a_database() {
    # a server in C++ needs its entries, its admin device's among them, before it starts
    case $peer in
    own) ;;
    tangotest) define TangoTest/test TangoTest sys/tg_test/1 ;;
    *) define everything/test Everything "$plain_device" ;;
    esac
    export TANGO_DS_EVENT_BUFFER_HWM=$high_water_mark
    with_database
    keep_serving everything "${serve[@]}"
    serve_wire=("$INTEROP_BUILT/examples/wire_server" --port '{port}'
        --tango-host "$TANGO_HOST" --server Everything/wire-test --device "$wire_device")
    start wire_server "${serve_wire[@]}"
    wire_server=$server
    if [ "$peer" = tangotest ]; then
        tried wire_client sys/tg_test/1 tango-test
        return
    fi
    local kept=() remembered=()
    # ours leaves it to its devices to remember what was written
    if [ "$peer" != own ]; then kept=(memorise) remembered=(remembered); fi
    tried wire_client "$plain_device" calls configure properties ${kept[@]+"${kept[@]}"} locking \
        events burst device-restart restart ${remembered[@]+"${remembered[@]}"} kinds
    tried wire_client "$wire_device" calls configure properties locking events kinds burst
    if [ "$peer" != own ]; then
        tried everything_client "$plain_device" calls locking device-restart
        tried everything_client "$wire_device" calls configure properties locking events \
            kinds burst device-restart
    fi
}

# define SERVER CLASS DEVICE: makes the entries of a server, as PyTango does.
define() {
    "$python" - "$@" <<'PYTHON' || fail "PyTango cannot define $1 in the database"
import sys

import tango

server, kind, device = sys.argv[1:]
entry = tango.DbDevInfo()
entry.server, entry._class, entry.name = server, kind, device
tango.Database().add_server(server, [entry], with_dserver=True)
PYTHON
}
