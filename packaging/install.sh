#!/bin/sh
# Installs nginx-sync from this directory: ./install.sh [--remove]. A configuration file that is there stays as it is, and neither
# timer is switched on. DESTDIR is put before every path.
set -eu
cd "$(dirname "$0")"

[ "$(id -u)" = 0 ] || [ "${DESTDIR:-}" ] || { echo "$0: run it as root" >&2; exit 1; }

# The files beneath root/, without the directories, each from / on.
files() {
  (cd root && find . ! -type d | sed 's/^\.//')
}

case ${1:-} in
  '')
    files | while read -r file; do
      case $file in /etc/*) [ ! -e "${DESTDIR:-}$file" ] || continue ;; esac
      mkdir -p "${DESTDIR:-}$(dirname "$file")"
      # A program that runs keeps its file: the new one takes the name.
      cp -pP "root$file" "${DESTDIR:-}$file.new"
      if [ -L "root$file" ]; then chown -h 0:0 "${DESTDIR:-}$file.new"; else chown 0:0 "${DESTDIR:-}$file.new"; fi
      mv -f "${DESTDIR:-}$file.new" "${DESTDIR:-}$file"
    done
    mkdir -p "${DESTDIR:-}/etc/nginx-sync.d"
    echo "nginx-sync is installed. Next: /etc/nginx-sync.conf, then nginx-sync --dry-run"
    ;;
  --remove)
    files | while read -r file; do
      case $file in /etc/nginx-sync.conf) continue ;; esac
      rm -f "${DESTDIR:-}$file"
    done
    rmdir "${DESTDIR:-}/usr/share/doc/nginx-sync/examples" "${DESTDIR:-}/usr/share/doc/nginx-sync" || echo "Other files are left in /usr/share/doc/nginx-sync."
    echo "nginx-sync is removed. /etc/nginx-sync.conf, /etc/nginx-sync.d and /var/lib/nginx-sync stay."
    ;;
  *)
    echo "$0 [--remove]" >&2
    exit 1
    ;;
esac
if [ ! "${DESTDIR:-}" ] && [ -d /run/systemd/system ]; then systemctl daemon-reload; fi
