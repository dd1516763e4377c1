#!/bin/sh
# Usage: test_docs.sh DOCGEN TEMPLATE
# The manual and the completions name every option, and parse.
docgen=$1 template=$2 status=0
folder=$(mktemp -d) || exit 2
trap 'rm -rf "$folder"' EXIT
cd "$folder" || exit 2

fail() {
    echo "$*"
    status=1
}

"$docgen" man 1.2.3 < "$template" > linkprobe.1 || fail "man: status $?"
for shell in bash zsh fish; do
    "$docgen" $shell > linkprobe.$shell || fail "$shell: status $?"
done

options=$(sed -n 's/^ *\*) words="\(.*\)" ;;/\1/p' linkprobe.bash)
[ "$(echo "$options" | wc -w)" -gt 40 ] || fail "too few options: $options"
for option in $options; do
    name=${option#--}
    dashes=$(echo "$option" | sed 's/-/\\-/g')
    grep -qF "\\fB$dashes\\fR" linkprobe.1 || fail "linkprobe.1: no $option"
    grep -qE -- "--$name=?(\[|\})" linkprobe.zsh || fail "zsh: no $option"
    grep -qE -- " -l $name " linkprobe.fish || fail "fish: no $option"
done
grep -q '^\.TH .*linkprobe 1\.2\.3' linkprobe.1 || fail "no version"
grep -q '@' linkprobe.1 && grep -n '^@' linkprobe.1 && fail "a place is left"
echo '@OPTIONS nothing@' | "$docgen" man 1 > rest 2>&1 &&
    fail "a bad place passes"

bash -n linkprobe.bash || fail "bash does not parse it"
if command -v zsh > /dev/null; then
    zsh -n linkprobe.zsh || fail "zsh does not parse it"
fi
if command -v fish > /dev/null; then
    fish -n linkprobe.fish || fail "fish does not parse it"
fi
if command -v groff > /dev/null; then
    complaints=$(groff -man -Tutf8 -ww linkprobe.1 2>&1 > page)
    [ -z "$complaints" ] || fail "groff: $complaints"
fi
exit $status
