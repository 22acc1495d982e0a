#!/bin/sh
# Before anything is installed: say what is missing, and the one command that brings it. Then make the virtual environment $1.
set -eu

fail() {
    printf 'kb cannot be installed here: %s\n  → %s\n' "$1" "$2" >&2
    exit 1
}

OTHER='use servers of your own on Linux x86_64: see "Several machines" in README.md (docker compose up)'
[ "$(uname -s)" = Linux ] || fail "the embedded servers run on Linux, this is $(uname -s)" "$OTHER"
[ "$(uname -m)" = x86_64 ] || fail "the embedded servers run on x86_64, this is $(uname -m)" "$OTHER"

glibc=$(getconf GNU_LIBC_VERSION 2>/dev/null | sed 's/^glibc //') || glibc=
[ -n "$glibc" ] || fail 'this system has no glibc (is it Alpine?)' "$OTHER"
[ "$(printf '2.34\n%s\n' "$glibc" | sort -V | head -n 1)" = 2.34 ] || fail "glibc $glibc is older than 2.34" \
    'upgrade to Debian 12, Ubuntu 22.04, Fedora 35, RHEL 9 or later'

python=
for candidate in python3.12 python3.11 python3; do
    if "$candidate" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info < (3, 13))' 2>/dev/null; then
        python=$candidate
        break
    fi
done
if command -v apt-get >/dev/null 2>&1; then install='sudo apt-get install -y python3 python3-venv'
elif command -v dnf >/dev/null 2>&1; then install='sudo dnf install -y python3.12'
elif command -v zypper >/dev/null 2>&1; then install='sudo zypper install -y python312'
elif command -v pacman >/dev/null 2>&1; then install='sudo pacman -S --needed python312'
else install='install Python 3.11 or 3.12 from python.org'
fi
[ -n "$python" ] || fail 'there is no Python 3.11 or 3.12' "$install"
"$python" -c 'import ensurepip, venv' 2>/dev/null || fail "$python has no venv module" "$install"

"$python" -m venv "$1"
