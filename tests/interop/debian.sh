# shellcheck shell=bash disable=SC2154
# Installs Debian packages for trials. Sourced after servers.sh, not run.

# debian_packages PACKAGE...: installs those that are missing. Nothing is started and
# nothing asked: what they install is run by the trials themselves.
debian_packages() {
    local package missing=() sudo=() policy=/usr/sbin/policy-rc.d made_policy="" status=0
    for package in "$@"; do
        dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q 'ok installed' ||
            missing+=("$package")
    done
    [ "${#missing[@]}" -gt 0 ] || return 0
    command -v apt-get >/dev/null ||
        fail "this is no Debian: install what its packages ${missing[*]} hold by other means"
    if [ "$(id -u)" -ne 0 ]; then
        command -v sudo >/dev/null || fail "as root: apt-get install ${missing[*]}"
        sudo=(sudo)
    fi
    say "installing ${missing[*]}"
    # no service is started at the end of an installation where this says so
    if [ ! -e "$policy" ]; then
        made_policy=yes
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee "$policy" >/dev/null
        "${sudo[@]}" chmod +x "$policy"
    fi
    "${sudo[@]}" debconf-set-selections <<'ANSWERS' || true
tango-common tango-common/tango-host string localhost:10000
tango-db tango-db/dbconfig-install boolean false
tango-db tango-db/mysql/admin-pass password
ANSWERS
    {
        "${sudo[@]}" apt-get -o DPkg::Lock::Timeout=300 update -qq &&
            "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive \
                apt-get -o DPkg::Lock::Timeout=300 install -y -qq --no-install-recommends \
                "${missing[@]}"
    } >"$scratch/apt.log" 2>&1 </dev/null || status=$?
    [ -z "$made_policy" ] || "${sudo[@]}" rm -f "$policy"
    [ "$status" -eq 0 ] && return 0
    tail -n 15 "$scratch/apt.log" >&2
    fail "apt-get install ${missing[*]} did not work: see above"
}
