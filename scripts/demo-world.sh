# shellcheck shell=bash disable=SC2154
# demo-world.sh -- the demo's small world: a cache, a name server, a dead zone.
#
#     cache.demo.test --+--> 127.N.1.69   zone a  --+
#       (dnsmasq)       |                           +--> one redis-server
#                       +--> 127.N.2.69   zone b  --+
#
# This is what a client sees of a PrivateLink endpoint: one name, one address
# a zone, one cache behind both.  All of it is on loopback; N is drawn, so that
# two demos at a time do not meet.

world_name=cache.demo.test
world_net=127.$((192 + RANDOM % 62))
world_zones=("$world_net.1.69" "$world_net.2.69")
world_dns=$world_net.0.2
world_port=
world_dns_port=
world_cache=

port_answers() {
    timeout 1 bash -c "exec 3<>/dev/tcp/$1/$2" 2>/dev/null
}

# port_free PORT ADDRESS...: PORT, or else another one at which nothing
# answers on any of the addresses.
port_free() {
    local port=$1 address busy=yes
    shift
    while :; do
        busy=
        for address in "$@"; do
            ! port_answers "$address" "$port" || busy=yes
        done
        [ -n "$busy" ] || break
        port=$((20000 + RANDOM % 10000))
    done
    echo "$port"
}

# Debian's redis-tools has the server's program under another name; it looks
# at its own name to know what to be.
redis_start() {
    local program
    program=$(command -v redis-server || command -v redis-check-rdb) ||
        die "redis-tools is missing"
    (
        cd "$scratch" &&
            exec -a redis-server "$program" --save '' --appendonly no "$@"
    ) >>"$scratch/redis.log" 2>&1 &
    started+=($!)
}

# Silence once may be a machine that stood still.
port_is_silent() {
    ! port_answers "$@" && ! port_answers "$@" && ! port_answers "$@"
}

# world_cache_on ADDRESS...: the cache answers on these and no others.
world_cache_on() {
    [ -z "$world_cache" ] || stop "$world_cache"
    redis_start --port "$world_port" --bind "$@"
    world_cache=$!
    wait_for 60 port_answers "${!#}" "$world_port" ||
        die "redis-server does not start: $(tail -n 3 "$scratch/redis.log")"
}

# Make ADDRESS silent, as a security group that drops would: a listener whose
# queue is full and that never accepts leaves every further SYN unanswered.
world_silence() {
    redis_start --port "$world_port" --bind "$1" --tcp-backlog 1
    local pid=$! tries=0
    wait_for 60 port_answers "$1" "$world_port" || die "no listener on $1"
    kill -STOP "$pid"
    until port_is_silent "$1" "$world_port"; do
        tries=$((tries + 1))
        [ "$tries" -lt 20 ] || die "$1 still answers"
    done
}

world_start() {
    local zone records=()
    world_port=$(port_free 6379 "${world_zones[@]}")
    world_dns_port=$(port_free 5353 "$world_dns")
    for zone in "${world_zones[@]}"; do
        records+=("--host-record=$world_name,$zone")
    done
    dnsmasq --no-daemon --conf-file=/dev/null --no-resolv --no-hosts \
        --bind-interfaces --listen-address="$world_dns" \
        --port="$world_dns_port" --local=/demo.test/ --local-ttl=60 \
        "${records[@]}" >"$scratch/dnsmasq.log" 2>&1 &
    started+=($!)
    wait_for 60 port_answers "$world_dns" "$world_dns_port" ||
        die "dnsmasq does not start: $(tail -n 3 "$scratch/dnsmasq.log")"
    world_cache_on "${world_zones[@]}"
}
