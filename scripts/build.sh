# shellcheck shell=bash disable=SC2154
# build.sh -- configure and build a preset, incrementally and quietly.

# build PRESET FOLDER [-D...] [-- TARGET...]: into build/FOLDER.  On failure
# the compiler's words on standard error.
build() {
    local preset=$1 folder=build/$2 cache=() log=$scratch/build-$2.log
    shift 2
    while [ $# -gt 0 ] && [ "$1" != -- ]; do
        cache+=("$1")
        shift
    done
    [ $# = 0 ] || shift
    if ! have cmake || ! have ninja; then
        note "cmake and ninja are needed to build"
        return 1
    fi
    [ -e "$top/$folder/build.ninja" ] || note "Building $folder ..."
    (
        cd "$top" &&
            cmake --preset "$preset" -B "$folder" "${cache[@]}" &&
            cmake --build "$folder" --target "${@:-all}"
    ) >"$log" 2>&1 && return
    build_complaints "$log" >&2
    note "$folder could not be built"
    return 1
}

# The program as it is shipped.  Its tests need packages that a first look
# does not.
build_release() {
    build release release -DLINKPROBE_TESTS=OFF -- linkprobe
}

# From the first complaint on, or the end where none is marked.
build_complaints() {
    local first='^(FAILED:|CMake Error)'
    if grep -qE "$first" "$1"; then
        sed -nE "/$first/,\$p" "$1" | grep -v '^\[[0-9]*/' | head -n 60
    else
        tail -n 30 "$1"
    fi
}
