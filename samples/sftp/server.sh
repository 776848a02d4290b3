#!/bin/sh
# An OpenSSH server for you alone, on 127.0.0.1 only, to try SFTP with. It lives in data/sftp-server/ and has its own
# keys; nothing outside of that folder is touched, and no account but yours can log in.
#
#   sh samples/sftp/server.sh up            start it; prints an endpoint to put below `endpoints:`
#   sh samples/sftp/server.sh fingerprint   the fingerprint of its host key, read from its own disk
#   sh samples/sftp/server.sh down          end it
#
# SFTP_PORT is the port (2222), SSHD the server's program (where Debian, Fedora and macOS have it).
set -eu
port=${SFTP_PORT:-2222}
mkdir -p data
top=$(cd data && pwd)/sftp-server

up() {
    sshd=${SSHD:-/usr/sbin/sshd}
    [ -x "$sshd" ] || { echo "there is no $sshd: install openssh-server, or say where it is with SSHD=" >&2; exit 1; }
    umask 077
    mkdir -p "$top/files/orders" "$top/files/to_wms"
    [ -f "$top/host_key" ] || ssh-keygen -q -t ed25519 -N '' -C 'the server' -f "$top/host_key"
    [ -f "$top/id_ed25519" ] || ssh-keygen -q -t ed25519 -N '' -C 'exchange' -f "$top/id_ed25519"
    cp "$top/id_ed25519.pub" "$top/authorized_keys"
    cat >"$top/sshd_config" <<EOF
ListenAddress 127.0.0.1
Port $port
HostKey "$top/host_key"
PidFile "$top/pid"
AuthorizedKeysFile "$top/authorized_keys"
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
StrictModes no
AllowTcpForwarding no
AllowUsers $(id -un)
Subsystem sftp internal-sftp
ForceCommand internal-sftp -d "$top/files"
EOF
    [ "$(id -u)" != 0 ] || mkdir -p /run/sshd # sshd started by root insists on it
    "$sshd" -f "$top/sshd_config" -E "$top/log"
    tries=50
    until [ -s "$top/pid" ]; do
        tries=$((tries - 1))
        [ "$tries" -gt 0 ] || { cat "$top/log" >&2; exit 1; }
        sleep 0.1
    done
    cat <<EOF
  partner:
    type: sftp
    host: 127.0.0.1
    port: $port
    user: $(id -un)
    path: "$top/files"
    key: {file: "$top/id_ed25519"}
EOF
}

case ${1:-} in
    up) up ;;
    fingerprint) ssh-keygen -l -E sha256 -f "$top/host_key.pub" | cut -d ' ' -f 2 ;;
    down) kill "$(cat "$top/pid")" ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
esac
