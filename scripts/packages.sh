# shellcheck shell=bash disable=SC2154
# packages.sh -- what must be installed, by distribution, and installing it.
#
# packages_need GROUP... installs what is missing of the groups `build`,
# `demo`, `test` and `full`.  What is there already costs one dpkg-query: no
# network, no root.
#
# Servers come without their services where that can be had: Debian's
# redis-tools carries the very program that redis-server links to, and
# dnsmasq-base is dnsmasq without a unit.

# The version of clang's runtime library, which is in its packages' names.
packages_clang() {
    case $1 in
    bookworm) echo 14 ;;
    noble) echo 18 ;;
    *) echo 19 ;;
    esac
}

# Packages that a distribution has and another has not.
packages_extra() {
    case $1:$2 in
    test:trixie) echo valkey-tools chromium ;;
    test:bookworm) echo chromium ;;
    esac
}

packages_list() {
    local codename
    codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-unknown}")
    case $1 in
    build)
        echo gcc libc6-dev cmake ninja-build pkg-config libuv1-dev \
            libc-ares-dev libhiredis-dev libssl-dev libyaml-dev zlib1g-dev \
            libcurl4-openssl-dev libexpat1-dev libjansson-dev libjs-chart.js \
            libmicrohttpd-dev libgnutls28-dev libcrypt-dev
        ;;
    demo)
        echo redis-tools dnsmasq-base
        ;;
    test)
        echo libcmocka-dev redis-tools dnsmasq-base knot haproxy stunnel4 \
            openssl iproute2 nftables python3-pytest python3-pytest-xdist \
            python3-yaml python3-jsonschema python3-venv libhdrhistogram-java
        # what a request of the benchmark costs is counted
        echo strace
        # the pages of serve, read by others
        echo curl python3-prometheus-client
        # another distributor's Java is as good
        have java || echo default-jre-headless
        ;;
    full)
        echo valgrind shellcheck debootstrap clang clang-tidy clang-format \
            "libclang-rt-$(packages_clang "$codename")-dev"
        # Debian's npm is two hundred packages: too much for the quick tier
        have npm || echo nodejs npm
        # esmtp-run: nagios4 wants mail, and this has no service
        echo prometheus nagios4-core icinga2-bin esmtp-run
        ;;
    esac
    packages_extra "$1" "$codename"
}

# Which of the packages named are not installed?
packages_missing() {
    local package
    for package in "$@"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" \
            2>/dev/null)" = installed ] || echo "$package"
    done
}

packages_apt() {
    DEBIAN_FRONTEND=noninteractive as_root apt-get -q -y \
        --no-install-recommends -o DPkg::Lock::Timeout=300 install "$@" \
        </dev/null
}

# Does this distribution have all of them?
packages_known() {
    [ "$(LC_ALL=C apt-cache policy "$@" | grep -c '^  Candidate: [^(]')" = $# ]
}

# With the lists at hand, then with fresh ones, then one by one: a package
# that a distribution lacks must not stand in the way of the others.  A mirror
# that fails, or is just being renewed, is asked again.
packages_install() {
    local package pause fresh
    packages_apt "$@" && return
    for pause in 0 5 20; do
        sleep "$pause"
        as_root apt-get -q update --error-on=any
        fresh=$?
        packages_apt "$@" && return
        [ "$fresh" != 0 ] || packages_known "$@" || break
    done
    for package in "$@"; do
        packages_apt "$package"
    done
}

# Servers would start a service of their own.  A policy of "start nothing"
# stands for the length of the installation, unless the machine has one
# already; then the units are kept from starting at boot.
packages_policy=/usr/sbin/policy-rc.d
packages_policy_made=

packages_policy_begin() {
    [ ! -e "$packages_policy" ] || return 0
    packages_policy_made=yes
    at_end+=(packages_policy_end)
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$packages_policy" >/dev/null
    as_root chmod +x "$packages_policy"
}

packages_policy_end() {
    [ -z "$packages_policy_made" ] || as_root rm -f "$packages_policy"
    packages_policy_made=
}

packages_disable() {
    ! have systemctl || as_root systemctl -q disable "$1"
}

packages_quietly() {
    local package
    packages_policy_begin
    packages_install "$@"
    packages_policy_end
    for package in "$@"; do
        case $package in
        knot | haproxy | stunnel4 | prometheus)
            packages_disable "$package"
            ;;
        nagios4-core | icinga2-bin)
            packages_disable "${package%-*}"
            ;;
        esac
    done
}

# packages_need GROUP...: returns 1 when something is still missing, which it
# has named then.
packages_need() {
    local group wanted=() missing log
    for group in "$@"; do
        # shellcheck disable=SC2207 # names of packages have no spaces
        wanted+=($(packages_list "$group"))
    done
    if ! have dpkg-query; then
        note "Not a Debian system. Needed, by Debian's names: ${wanted[*]}"
        return 1
    fi
    missing=$(packages_missing "${wanted[@]}" | sort -u | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    if ! may_be_root; then
        note "Missing, and no right to install: ${missing% }"
        note "  sudo apt-get install --no-install-recommends ${missing% }"
        return 1
    fi
    note "Installing ${missing% }"
    log=$scratch/apt.log
    # shellcheck disable=SC2086 # a list
    packages_quietly $missing >"$log" 2>&1
    # shellcheck disable=SC2086
    missing=$(packages_missing $missing | tr '\n' ' ')
    [ -n "$missing" ] || return 0
    tail -n 20 "$log" >&2
    note "Could not install: ${missing% }"
    return 1
}
