# shellcheck shell=bash
# common.sh -- what ./demo, ./test and the rest of scripts/ share: messages,
# the right to install, a folder that vanishes, processes that end with us.
#
# Sourced with `top` set to the project's folder.
: "${top:?}"

say() {
    printf '%s\n' "$*"
}

# To standard error, so that it never mixes with results.
note() {
    printf '%s\n' "$*" >&2
}

die() {
    note "$(basename "$0"): $*"
    exit 1
}

have() {
    command -v "$1" >/dev/null 2>&1
}

# Debian keeps servers in sbin, which a normal user's PATH does not name.
PATH=$PATH:/usr/local/sbin:/usr/sbin:/sbin

# Can this user become root without being asked, or answer when asked?
may_be_root() {
    [ "$(id -u)" = 0 ] || sudo -n true 2>/dev/null ||
        { [ -t 0 ] && have sudo; }
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    else
        sudo "$@"
    fi
}

# One folder for all that a run leaves on the way, the processes it started
# and functions to call: all is tidied when the script ends, however it ends.
scratch=
started=()
at_end=()

scratch_make() {
    scratch=$(mktemp -d "${TMPDIR:-/tmp}/linkprobe.XXXXXX")
    trap scratch_end EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP
}

scratch_end() {
    local pid function
    for function in "${at_end[@]}"; do
        "$function"
    done
    for pid in "${started[@]}"; do
        kill -CONT "$pid" 2>/dev/null
        kill -TERM "$pid" 2>/dev/null
    done
    for pid in "${started[@]}"; do
        wait "$pid" 2>/dev/null
    done
    rm -rf "$scratch"
}

# stop PID: end one of the processes that we started, and wait for it.
stop() {
    local pid rest=()
    for pid in "${started[@]}"; do
        [ "$pid" = "$1" ] || rest+=("$pid")
    done
    started=("${rest[@]}")
    kill -CONT "$1" 2>/dev/null
    kill -TERM "$1" 2>/dev/null
    wait "$1" 2>/dev/null
}

# wait_for SECONDS COMMAND...: until COMMAND succeeds.
wait_for() {
    local end=$((SECONDS + $1))
    shift
    until "$@" >/dev/null 2>&1; do
        [ "$SECONDS" -lt "$end" ] || return 1
        sleep 0.05
    done
}
