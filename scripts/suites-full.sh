# shellcheck shell=bash disable=SC2154
# suites-full.sh -- the long tier: what ./test --full adds.

suites_full() {
    suite_tsan
}

suite_tsan() {
    build tsan tsan 2>"$scratch/tsan.txt"
    results_one "build (tsan)" $? "$scratch/tsan.txt"
    suite_unit build/tsan
}
