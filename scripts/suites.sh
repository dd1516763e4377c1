# shellcheck shell=bash disable=SC2154
# suites.sh -- the quick tier: what ./test runs every time.

matches() {
    [ -z "$filter" ] || [[ $1 == *"$filter"* ]]
}

# The sanitizers' reports must not look like a verdict of the program.
export ASAN_OPTIONS=${ASAN_OPTIONS:-exitcode=99:detect_leaks=1}
export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}

# The build is a test of its own: warnings are errors, and each header must
# compile alone.
suite_build() {
    local log=$scratch/build.txt
    build dev dev -- all all_verify_interface_header_sets 2>"$log"
    results_one "build (dev)" $? "$log"
    build release release -DLINKPROBE_TESTS=OFF 2>"$log"
    results_one "build (release)" $? "$log"
}

# suite_unit FOLDER: each cmocka program of a build folder.
suite_unit() {
    local name
    [ -e "$1/CTestTestfile.cmake" ] || return 0
    while read -r name; do
        matches "$name" && unit_run "$1" "$name"
    done < <(ctest --test-dir "$1" -N | sed -n 's/^ *Test *#[0-9]*: //p')
}

# What takes minutes hangs; seconds become tens on a machine that is busy.
unit_seconds=600

unit_run() {
    local program=$1/tests/$2 out=$scratch/$2.tap status
    if [ ! -x "$program" ]; then
        ctest --test-dir "$1" -R "^$2\$" --output-on-failure >"$out" 2>&1
        results_one "$1 $2" $? "$out"
        return
    fi
    CMOCKA_MESSAGE_OUTPUT=TAP timeout "$unit_seconds" "$program" \
        >"$out" 2>&1 </dev/null
    status=$?
    # A cmocka of old marks skipped tests as failed ones.
    sed -i 's/^not ok \(.*# SKIP\)/ok \1/' "$out"
    results_add "$1 $2" "$out" "$status"
}

# Scripts that look at the sources and the programs, and print TAP.
suite_structure() {
    local script name
    for script in tests/structure/check_*; do
        name=$(basename "$script")
        matches "structure/$name" || continue
        "$script" "$top" >"$scratch/$name.tap" 2>&1 </dev/null
        results_add "$name" "$scratch/$name.tap" $?
    done
}

# Whole programs against real servers.  LINKPROBE names another program.
suite_commands() {
    commands_run commands "${LINKPROBE:-$top/build/dev/bin/linkprobe}" \
        tests/commands
    ! have valkey-check-rdb || ! have redis-check-rdb ||
        ENGINE=valkey-server commands_run valkey \
            "${LINKPROBE:-$top/build/dev/bin/linkprobe}" \
            tests/commands/test_redis.py tests/commands/test_auth.py
}

# Every fault of the table, on a PrivateLink path in network namespaces.
suite_lab() {
    commands_run lab "${LINKPROBE:-$top/build/dev/bin/linkprobe}" tests/lab
    lab_counted lab
    ! have valkey-check-rdb || ! have redis-check-rdb ||
        ENGINE=valkey-server commands_run lab-valkey \
            "${LINKPROBE:-$top/build/dev/bin/linkprobe}" tests/lab/test_lab.py
}

# How many verdicts were wrong, where the table was repeated (tests/lab/).
lab_counted() {
    [ ! -e "$scratch/$1.log" ] ||
        grep -E '^([0-9]+ verdicts in|wrong|broken) ' "$scratch/$1.log"
}

# The files of docs/monitoring; the monitoring systems themselves are started
# by the long tier.
suite_monitoring() {
    commands_run monitoring "${LINKPROBE:-$top/build/dev/bin/linkprobe}" \
        -m "not slow" tests/monitoring
}

# `linkprobe provision` against AWS on loopback.
suite_aws() {
    aws_run aws tests/aws
}

# aws_run NAME ARGUMENT...: pytest, with a Python for the emulator.
aws_run() {
    local moto name=$1
    shift
    if ! moto=$(moto_python); then
        results_skip "$name" "moto 5.2 is missing, and pip cannot have it"
        return
    fi
    LINKPROBE_MOTO=$moto commands_run "$name" \
        "${LINKPROBE:-$top/build/dev/bin/linkprobe}" "$@"
}

# commands_run NAME PROGRAM ARGUMENT...: pytest, its results as TAP.
commands_run() {
    local name=$1 program=$2 tap=$scratch/$1.tap log=$scratch/$1.log status
    local parallel=()
    shift 2
    if ! /usr/bin/python3 -c 'import pytest, yaml' 2>/dev/null; then
        results_skip "$name" "python3-pytest or python3-yaml is missing"
        return
    fi
    if [ ! -x "${program##* }" ]; then
        results_skip "$name" "there is no program to test"
        return
    fi
    ! /usr/bin/python3 -c 'import xdist' 2>/dev/null || parallel=(-n 4)
    LINKPROBE=$program LINKPROBE_TAP=$tap PYTHONDONTWRITEBYTECODE=1 \
        /usr/bin/python3 -m pytest -q --tb=short -p no:cacheprovider \
        "${parallel[@]}" ${filter:+-k "$filter"} \
        --basetemp="$scratch/$name" "$@" >"$log" 2>&1 </dev/null
    status=$?
    # 5: nothing matched the filter
    [ "$status" != 5 ] || return 0
    touch "$tap"
    results_add "$name" "$tap" "$status"
    # what broke outside of any test
    [ "$status" -lt 2 ] || tail -n 40 "$log"
}
