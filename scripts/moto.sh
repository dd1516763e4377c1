# shellcheck shell=bash disable=SC2154
# moto.sh -- the Python that tests/aws runs its emulator with.
#
# moto_python prints it: the first python3 that has moto 5.2, else that of a
# virtual environment under build/, made once from tests/aws/requirements.txt.
# Nothing is printed where neither can be had.

moto_is_in() {
    "$1" -c 'import moto, sys; sys.exit(moto.__version__[:4] != "5.2.")' \
        >/dev/null 2>&1
}

# A download that breaks off is one that pip does not try again.
moto_install() {
    local try
    for try in 1 2 3; do
        "$1" -m pip install -q --timeout 15 --retries 1 \
            -r "$top/tests/aws/requirements.txt" >>"$scratch/moto.log" 2>&1 &&
            return
        sleep "$try"
    done
    return 1
}

moto_python() {
    local python log=$scratch/moto.log made=$top/build/moto
    for python in "${LINKPROBE_MOTO:-}" "$(command -v python3)" \
        /usr/bin/python3 "$made/bin/python3"; do
        [ -x "$python" ] || continue
        moto_is_in "$python" || continue
        say "$python"
        return
    done
    note "Installing moto into build/moto"
    python3 -m venv "$made" >"$log" 2>&1 && moto_install "$made/bin/python3" &&
        moto_is_in "$made/bin/python3" && say "$made/bin/python3" && return
    # a half-made one must not be taken for a whole one next time
    rm -rf "$made"
    return 1
}
