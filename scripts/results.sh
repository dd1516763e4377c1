# shellcheck shell=bash disable=SC2154
# results.sh -- every kind of test ends as lines of TAP; here they are counted.
#
# A suite writes `ok - NAME`, `not ok - NAME` or `ok - NAME # SKIP reason` to
# a file and gives it to results_add.  Nothing is said of what passes; what
# failed is shown with the lines that follow it.

passed=0
failed=0
skipped=0
declare -A skip_reasons=()

# results_add SUITE FILE [STATUS]: count FILE.  A program that ended badly
# (STATUS) without naming a failed test has crashed: that counts as one.
results_add() {
    local suite=$1 file=$2 status=${3:-0} fails
    passed=$((passed + $(grep -E '^ok\b' "$file" | grep -cv '# SKIP')))
    fails=$(grep -E '^not ok\b' "$file" | grep -cv '# SKIP')
    results_unfinished "$file" "$status" && fails=$((fails + 1))
    failed=$((failed + fails))
    results_skips "$file"
    [ "$fails" = 0 ] || results_show "$suite" "$file" "$status"
}

# Does a plan (1..N) promise more than came, or did it fail without a word?
results_unfinished() {
    local plan
    plan=$(sed -n 's/^1\.\.\([0-9]\+\).*/\1/p' "$1" | head -n 1)
    [ "$(grep -cE '^(not )?ok\b' "$1")" -ge "${plan:-0}" ] || return 0
    [ "$2" != 0 ] && ! grep -qE '^not ok\b' "$1"
}

results_skips() {
    local line reason
    while IFS= read -r line; do
        reason=${line#*# SKIP}
        reason=${reason# }
        skipped=$((skipped + 1))
        reason=${reason:-no reason given}
        skip_reasons[$reason]=$((${skip_reasons[$reason]:-0} + 1))
    done < <(grep -E '^(not )?ok\b.*# SKIP' "$1")
}

# The failures of FILE: everything but what passed, the end of it if long.
results_show() {
    say "--- $1 failed (exit status $3)"
    grep -vE '^(ok\b|1\.\.|TAP version)' "$2" | tail -n 80
}

# A suite that cannot run at all: one skipped test that says why.
results_skip() {
    skipped=$((skipped + 1))
    skip_reasons[$2]=$((${skip_reasons[$2]:-0} + 1))
}

# A suite that is one test: results_one NAME STATUS FILE-TO-SHOW.
results_one() {
    if [ "$2" = 0 ]; then
        passed=$((passed + 1))
        return
    fi
    failed=$((failed + 1))
    say "--- $1 failed (exit status $2)"
    tail -n 80 "$3"
    return 1
}

# The reasons of what was skipped, then the line that others read.
results_end() {
    local reason
    for reason in "${!skip_reasons[@]}"; do
        say "skipped ${skip_reasons[$reason]}: $reason"
    done | sort
    if [ $((passed + failed + skipped)) = 0 ]; then
        say "No test matches."
        failed=1
    fi
    if [ "$skipped" = 0 ]; then
        say "$passed passed, $failed failed"
    else
        say "$passed passed, $failed failed, $skipped skipped"
    fi
    [ "$failed" = 0 ]
}
