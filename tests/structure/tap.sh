# shellcheck shell=bash
# tap.sh -- what the checks of this folder share: a line of TAP each.

# tap NAME FAULTS: passed when FAULTS is empty; else each of them, and failed.
tap() {
    if [ -z "$2" ]; then
        echo "ok - $1"
    else
        echo "not ok - $1"
        printf '%s\n' "$2" | head -n 40 | sed 's/^/# /'
    fi
}

# The folders of the program itself.
program='net resp verdict probe bench watch serve aws provision cli report'
program+=' commands'

tap_skip() {
    echo "ok - $1 # SKIP $2"
}
