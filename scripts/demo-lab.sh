# shellcheck shell=bash disable=SC2154
# demo-lab.sh -- the demo's world where there can be a better one: the lab, a
# whole path in network namespaces (tests/lab/README.md).

# shellcheck disable=SC2034 # demo reads it
lab_name=cache.lab.test
lab_id=demo-$$-$RANDOM$RANDOM

lab_do() {
    "$top/tests/lab/lab" "$1" --id "$lab_id" "${@:2}"
}

lab_end() {
    lab_do down >/dev/null 2>&1
}

# Fails where namespaces cannot be had, or a program that it takes is missing;
# why is in lab.log.
lab_start() {
    [ -x /usr/bin/python3 ] &&
        lab_do up --with $$ >"$scratch/lab.log" 2>&1 || return 1
    at_end+=(lab_end)
}
