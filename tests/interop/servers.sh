# shellcheck shell=bash disable=SC2034
# Shared by `run`, `matrix.sh` and `bench`: PyTango environments, servers on free ports, and an
# end that leaves no process behind. Sourced, not run.

interop=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$interop/../.." && pwd)
scratch=$(mktemp -d "${TMPDIR:-/tmp}/harness-interop.XXXXXX")
pids=()

say() { printf '%s\n' "interop: $*"; }

fail() {
    say "FAILED: $*" >&2
    exit 1
}

# Ends what this script started, by the ids it noted.
end_processes() {
    local pid
    for pid in ${pids[@]+"${pids[@]}"}; do kill "$pid" 2>/dev/null || true; done
    for pid in ${pids[@]+"${pids[@]}"}; do
        for _ in {1..50}; do
            kill -0 "$pid" 2>/dev/null || break
            sleep 0.1
        done
        kill -9 "$pid" 2>/dev/null || true
    done
    wait 2>/dev/null || true
    pids=()
}

on_exit() {
    local status=$?
    trap - EXIT
    end_processes
    if [ "$status" -eq 0 ]; then
        rm -rf "$scratch"
    else
        say "what the processes printed is in $scratch" >&2
    fi
    exit "$status"
}
trap on_exit EXIT
trap 'exit 130' INT TERM

# pytango_environment VERSION: sets `python` to an interpreter with that PyTango,
# making its environment on first use.
pytango_environment() {
    local version=$1 home=$interop/.venv-$1
    python=$home/bin/python
    if [ "$("$python" -c 'import tango; print(tango.__version__)' 2>/dev/null)" = "$version" ]; then
        return
    fi
    command -v python3 >/dev/null ||
        fail "python3 is missing; on Debian: apt-get install python3 python3-venv python3-pip"
    python3 -c 'import venv, ensurepip' 2>/dev/null ||
        fail "python3 cannot make environments; on Debian: apt-get install python3-venv python3-pip"
    local packages=("pytango==$version")
    # those of 9.4 were built before NumPy 2 and do not say that they cannot take it
    case $version in 9.4.*) packages+=("numpy<2") ;; esac
    say "installing PyTango $version into ${home#"$root"/}"
    rm -rf "$home"
    python3 -m venv "$home" || fail "python3 -m venv $home did not work"
    if ! timeout 600 "$python" -m pip install --quiet --disable-pip-version-check \
        "${packages[@]}" >"$scratch/pip-$version.log" 2>&1; then
        tail -n 5 "$scratch/pip-$version.log" >&2
        fail "PyTango $version cannot be installed for $("$python" --version): see above"
    fi
    "$python" -c 'import tango' || fail "PyTango $version is installed but cannot be imported"
}

# package_environment NAME PACKAGE VERSION [PACKAGE==VERSION...]: sets `python` to an interpreter
# with that package, and the others, making its environment on first use.
package_environment() {
    local home=$interop/.venv-$1 package=$2 version=$3
    shift 3
    python=$home/bin/python
    local there="import importlib.metadata; print(importlib.metadata.version('$package'))"
    if [ "$("$python" -c "$there" 2>/dev/null)" = "$version" ]; then return; fi
    say "installing $package $version into ${home#"$root"/}"
    rm -rf "$home"
    python3 -m venv "$home" ||
        fail "python3 -m venv did not work; on Debian: apt-get install python3-venv python3-pip"
    if ! timeout 600 "$python" -m pip install --quiet --disable-pip-version-check \
        "$package==$version" "$@" >"$scratch/pip.log" 2>&1; then
        tail -n 5 "$scratch/pip.log" >&2
        fail "$package cannot be installed: see above"
    fi
}

# Sets `port` to one on which nothing listens, below the ports that the kernel
# gives to clients, so that no outgoing connection can take it in between.
free_port() {
    port=$("$python" - <<'PYTHON'
import random
import socket

for port in random.sample(range(20000, 32768), 200):
    with socket.socket() as trial:
        try:
            trial.bind(("127.0.0.1", port))
        except OSError:
            continue
    print(port)
    break
PYTHON
    )
    [ -n "$port" ] || fail "no free port between 20000 and 32767"
}

# wait_for_line PID FILE PATTERN: until a line of FILE matches, 30 s at most.
wait_for_line() {
    local pid=$1 file=$2 pattern=$3
    for _ in {1..300}; do
        grep -q -- "$pattern" "$file" 2>/dev/null && return 0
        kill -0 "$pid" 2>/dev/null || return 1
        sleep 0.1
    done
    return 1
}

# start_subarrays DWELL [PORT]: two PyTango subarrays without a database, on a free
# port unless one is given. They tell of their commands as SUBARRAY_LRC says, if it is
# set: see command_lists.py. Sets `port`, `server` (the process), `device` (the first
# subarray) and `telescope` (the file that describes them).
start_subarrays() {
    local dwell=$1 given=${2:-} log try
    for try in 1 2 3 4 5; do
        port=$given
        [ -n "$port" ] || free_port
        device="tango://127.0.0.1:$port/low/sub/1#dbase=no"
        log=$scratch/subarray-$port.log
        SUBARRAY_DWELL=$dwell "$python" "$interop/subarray.py" test -nodb \
            -dlist low/sub/1,low/sub/2 \
            -ORBendPoint "giop:tcp:127.0.0.1:$port" >"$log" 2>&1 </dev/null &
        server=$!
        pids+=("$server")
        if wait_for_line "$server" "$log" 'Ready to accept request'; then
            telescope=$scratch/telescope-$port.toml
            cat >"$telescope" <<TOML
name = "PyTango subarrays"
subarrays = [1, 2]

[roles]
subarray = "tango://127.0.0.1:$port/low/sub/{subarray}#dbase=no"

[timeouts]
command = 5
reach = 5
recovery = 20
TOML
            return
        fi
        kill -9 "$server" 2>/dev/null || true
        say "the PyTango server did not start on port $port (try $try of 5)"
    done
    tail -n 5 "$log" >&2
    fail "the PyTango server does not start: see above"
}

# Ends the last server at once, as a crash would, without the shell's own remark.
kill_server() {
    kill -9 "$server"
    wait "$server" 2>/dev/null || true
}

# build_release TARGET...: builds parts of the project, and sets `built` to where
# they are.
build_release() {
    local manifest=$root/Cargo.toml
    cargo build --quiet --release --manifest-path "$manifest" "$@" || fail "the build failed"
    built=$(cargo metadata --no-deps --format-version 1 --manifest-path "$manifest" |
        grep -o '"target_directory":"[^"]*"' | cut -d '"' -f 4)/release
}
