# shellcheck shell=bash disable=SC2154
# suites-full.sh -- the long tier: what ./test --full adds.
#
# Ordered so that what finds most comes first.  Each part builds into a folder
# of its own under build/, so a second run is incremental.

suites_full() {
    suite_tsan
    suite_fuzz
    suite_clang
    suite_tidy
    suite_valgrind
    suite_repeats
    suite_monitoring_full
    suite_lab_load
    suite_aws_full
    suite_chroot bookworm
    suite_chroot trixie
}

# A part of this tier: does the filter want it, and is its tool there?
part() {
    matches "$1" || return 1
    note "$(printf '%d:%02d' $((SECONDS / 60)) $((SECONDS % 60))) $1 ..."
    have "$2" && return
    results_skip "$1" "$2 is missing"
    return 1
}

suite_tsan() {
    local log=$scratch/tsan.txt
    part tsan gcc || return 0
    build tsan tsan 2>"$log"
    results_one "build (tsan)" $? "$log" || return 0
    filter='' suite_unit build/tsan
}

fuzz_seconds=60

suite_fuzz() {
    local log=$scratch/fuzz.txt target running=0
    part fuzz clang || return 0
    # shellcheck disable=SC2046 # names of targets have no spaces
    build fuzz fuzz -- $(basename -s .c tests/fuzz/fuzz_*.c) 2>"$log"
    results_one "build (fuzz)" $? "$log" || return 0
    for target in build/fuzz/fuzz/fuzz_*; do
        [ -x "$target" ] || continue
        fuzz_run "$(basename "$target")" &
        running=$((running + 1))
        # two at a time
        [ "$running" -lt 2 ] || { wait -n && running=$((running - 1)); }
    done
    wait
    fuzz_count
}

# The corpus that a run finds stays in its scratch folder; seeds are read.
fuzz_run() {
    local name=$1 corpus=$scratch/corpus-$1
    mkdir -p "$corpus"
    "build/fuzz/fuzz/$name" -max_total_time="$fuzz_seconds" -timeout=10 \
        -rss_limit_mb=1024 -artifact_prefix="$scratch/" \
        "$corpus" "tests/fuzz/seeds/${name#fuzz_}" \
        >"$scratch/$name.fuzz" 2>&1 </dev/null
    echo $? >"$scratch/$name.status"
}

fuzz_count() {
    local status
    for status in "$scratch"/fuzz_*.status; do
        [ -e "$status" ] || continue
        results_one "$(basename "$status" .status)" "$(cat "$status")" \
            "${status%.status}.fuzz"
    done
}

suite_clang() {
    local log=$scratch/clang.txt
    part clang clang || return 0
    build dev clang -DCMAKE_C_COMPILER=clang -- \
        all all_verify_interface_header_sets 2>"$log"
    results_one "build (clang)" $? "$log" || return 0
    filter='' suite_unit build/clang
}

# The checks differ by version: Debian 12's is the one that is held.  A file a
# run: what version 14 knows of va_list leaks from one file into the next.
suite_tidy() {
    local log=$scratch/tidy.txt
    part tidy clang-tidy || return 0
    if ! clang-tidy --version | grep -q 'version 14\.'; then
        results_skip tidy "clang-tidy 14 is missing"
        return
    fi
    build dev clang -DCMAKE_C_COMPILER=clang 2>"$log" || return 0
    find net resp verdict probe watch bench serve aws provision cli report \
        commands -name '*.c' -print0 |
        xargs -0 -n 1 -P 2 clang-tidy -p build/clang --quiet \
            >"$log" 2>/dev/null
    results_one "clang-tidy" $? "$log"
}

# Leaks and uninitialised bytes that sanitizers do not see, in the program as
# it is shipped.
suite_valgrind() {
    part valgrind valgrind || return 0
    filter='' commands_run valgrind \
        "$(command -v valgrind) -q --error-exitcode=99 --leak-check=full \
$top/build/release/bin/linkprobe" -m "not slow" \
        tests/commands/test_dns.py tests/commands/test_redis.py \
        tests/commands/test_tls.py tests/commands/test_formats.py
}

# What is right once must be right each time: real servers, twenty times.
suite_repeats() {
    local round
    part repeats python3 || return 0
    for round in $(seq 20); do
        filter='' commands_run "repeat-$round" \
            "$top/build/release/bin/linkprobe" -m "not slow" \
            tests/commands/test_{dns,tcp,tls,auth,redis,wait,formats}.py \
            tests/commands/test_{second_probes,targets,leftovers}.py
    done
}

# Prometheus, Nagios and Icinga themselves, with the files that we ship.
suite_monitoring_full() {
    part monitoring-full python3 || return 0
    filter='' commands_run monitoring-full \
        "$top/build/release/bin/linkprobe" -m slow tests/monitoring
}

# Every point of the matrices of tests/aws, and a hundred runs of each fault.
suite_aws_full() {
    part aws-full python3 || return 0
    filter='' aws_run aws-full --full tests/aws
    aws_soak
}

aws_soak() {
    local log=$scratch/soak.txt moto
    moto=$(moto_python) || return 0
    LINKPROBE=$top/build/release/bin/linkprobe \
        LINKPROBE_MOTO=$moto tests/aws/soak >"$log" 2>&1 </dev/null
    results_one "tests/aws/soak" $? "$log"
}

# A verdict never lies: the whole table twice, with every processor busy.
suite_lab_load() {
    part lab-load python3 || return 0
    filter='' LINKPROBE_LAB_REPEAT=2 commands_run lab-load \
        "$top/build/release/bin/linkprobe" tests/lab
    lab_counted lab-load
}

# Fresh systems: both commands in an empty clone, with nothing installed.
suite_chroot() {
    local log=$scratch/chroot-$1.txt
    part "chroot-$1" debootstrap || return 0
    if [ "$(id -u)" != 0 ]; then
        results_skip "chroot-$1" "only root can make a system in a folder"
        return
    fi
    scripts/prove-chroot "$1" >"$log" 2>&1 </dev/null
    local status=$?
    if grep -q 'debootstrap could not' "$log"; then
        results_skip "chroot-$1" "no mirror of Debian can be reached"
        return
    fi
    results_one "./demo and ./test on a fresh $1" "$status" "$log"
}
