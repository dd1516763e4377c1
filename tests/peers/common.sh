# What the comparisons share: a network of their own, servers that end with
# them, programs built on demand.  Sourced by bash scripts, with $0 and $@ still
# those of the script.
# shellcheck shell=bash

here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
linkprobe=${LINKPROBE:-$root/build/release/bin/linkprobe}
port=6379

# The comment on top of the script.
usage() {
    sed -n '2,/^[^#]/s/^# \{0,1\}//p' "$0"
}

need() {
    local program
    for program in "$@"; do
        command -v "$program" >/dev/null || {
            echo "$(basename "$0"): $program is missing; nothing compared"
            exit 0
        }
    done
}

# Run the script again where there is nothing but a loopback device, so that no
# server of it can be reached from anywhere else.
enter_namespace() {
    [ -z "${PEERS_INSIDE:-}" ] || return 0
    local as=()
    [ "$(id -u)" = 0 ] || as=(--map-root-user)
    PEERS_INSIDE=1 exec unshare --net --mount "${as[@]}" "$0" "$@"
}

pids=()
stop() {
    local pid
    for pid in "${pids[@]}"; do
        kill "$pid" 2>/dev/null
        wait "$pid" 2>/dev/null
    done
    rm -rf "$work"
}

prepare() {
    work=$(mktemp -d)
    trap stop EXIT
    trap 'exit 0' INT TERM
    ip link set lo up
    ulimit -n "$(ulimit -H -n)"
    echo 16384 >/proc/sys/net/core/somaxconn 2>/dev/null || true
}

# build NAME...: $work/NAME, static, for what pairbench.c says of memory.
build() {
    local name
    for name in "$@"; do
        cc -std=c11 -D_GNU_SOURCE -O2 -static -o "$work/$name" "$here/$name.c"
    done
}

# wait_for COMMAND...: until it succeeds, for ten seconds.
wait_for() {
    local i
    for ((i = 0; i < 200; i++)); do
        "$@" >/dev/null 2>&1 && return 0
        sleep 0.05
    done
    echo "$(basename "$0"): not ready: $*" >&2
    exit 0
}

start_redis() {
    redis-server --port "$port" --bind 0.0.0.0 --protected-mode no \
        --tcp-backlog 16384 --maxclients 15000 --save '' --appendonly no \
        --dir "$work" >"$work/redis.log" 2>&1 &
    pids+=($!)
    wait_for redis-cli -p "$port" PING
}
