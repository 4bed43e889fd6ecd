# shellcheck shell=bash
# What a node's disk holds that the host's does not, and the other way round. Sourced by node-init, which has set:
# lab, node, node_dir, root, and the node's options.
# shellcheck disable=SC2154

furnish() {
  furnish_users
  furnish_ssh
  furnish_nginx
  furnish_services
  furnish_shells
  if [[ $tools == busybox ]]; then leave_only_busybox; fi
  if [[ $no_flock != '' ]]; then rm -f "${root:?}/usr/bin/flock"; fi
  if [[ $no_unshare != '' ]]; then rm -f "${root:?}/usr/bin/unshare"; fi
}

# Nothing of the host's users is seen in a node.
furnish_users() {
  local user home
  rm -rf "${root:?}"/etc/{sudoers,sudoers.d,hosts,hostname,resolv.conf}
  mkdir "$root/home" "$root/etc/sudoers.d"
  cp "$lab/hosts" "$root/etc/hosts"
  echo "$node" >"$root/etc/hostname"
  touch "$root/etc/resolv.conf"
  sed -i '/^\(deploy\|plain\):/d; s/^root:[^:]*:/root:*:/' "$root"/etc/shadow
  sed -i '/^\(deploy\|plain\):/d' "$root"/etc/{passwd,group}
  # "*" has no password and may log in with a key; "!" would be a locked account to sshd.
  printf '%s:*:20000:0:99999:7:::\n' deploy plain >>"$root/etc/shadow"
  printf '%s:x:%s:\n' deploy 2001 plain 2002 >>"$root/etc/group"
  printf '%s:x:%s:%s::/home/%s:/bin/bash\n' deploy 2001 2001 deploy plain 2002 2002 plain >>"$root/etc/passwd"
  printf '%s\n' 'Defaults env_reset' "Defaults secure_path=\"$PATH\"" 'root ALL=(ALL:ALL) ALL' \
    '@includedir /etc/sudoers.d' >"$root/etc/sudoers"
  echo 'deploy ALL=(ALL:ALL) NOPASSWD: ALL' >"$root/etc/sudoers.d/deploy"
  chmod 0440 "$root/etc/sudoers" "$root/etc/sudoers.d/deploy"
  for user in root:0:/root deploy:2001:/home/deploy plain:2002:/home/plain; do
    home=${user##*:} user=${user%:*}
    mkdir -m 0700 "$root$home" "$root$home/.ssh"
    cp "$lab/key.pub" "$root$home/.ssh/authorized_keys"
    if [[ $node == primary ]]; then
      cp "$lab/key" "$root$home/.ssh/id_ed25519"
      cp "$lab/known_hosts" "$root$home/.ssh/known_hosts"
      echo 'StrictHostKeyChecking yes' >"$root$home/.ssh/config"
      chmod 0600 "$root$home"/.ssh/{id_ed25519,config}
    fi
    chown -R "${user#*:}:${user#*:}" "$root$home"
  done
}

furnish_ssh() {
  rm -rf "${root:?}"/etc/ssh "${root:?}"/var/log/*
  mkdir "$root/etc/ssh"
  cp "$node_dir/host_key" "$root/etc/ssh/ssh_host_ed25519_key"
  chmod 0600 "$root/etc/ssh/ssh_host_ed25519_key"
  # What Debian's openssh-client ships.
  printf '%s\n' 'Include /etc/ssh/ssh_config.d/*.conf' 'Host *' '    SendEnv LANG LC_*' '    HashKnownHosts yes' \
    '    GSSAPIAuthentication yes' >"$root/etc/ssh/ssh_config"
  cat >"$root/etc/ssh/sshd_config" <<'END'
HostKey /etc/ssh/ssh_host_ed25519_key
PidFile /run/sshd.pid
PermitRootLogin prohibit-password
PasswordAuthentication no
KbdInteractiveAuthentication no
UsePAM no
UseDNS no
LogLevel VERBOSE
Subsystem sftp internal-sftp
END
}

# Debian's own files, copied so that they are the node's, and the same small configuration on every node.
furnish_nginx() {
  cp -a /etc/nginx "$root/etc/nginx.new"
  rm -rf "${root:?}"/etc/nginx "${root:?}"/etc/nginx-sync* "${root:?}"/var/lib/nginx-sync*
  mv "$root/etc/nginx.new" "$root/etc/nginx"
  rm -f "${root:?}"/etc/nginx/{conf.d,sites-enabled}/*
  mkdir -p "$root/var/log/nginx" "$root/etc/nginx/conf.d"
  chown www-data:adm "$root/var/log/nginx"
  cat >"$root/etc/nginx/nginx.conf" <<'END'
user www-data;
worker_processes 2;
pid /run/nginx.pid;
error_log /var/log/nginx/error.log notice;

events {
    worker_connections 512;
}

http {
    include mime.types;
    # What else the tests push: nginx speaks of it, or a push of it alone would prove nothing.
    root /srv;
    map $uri $pushed { default "/etc/nginx/data /home/deploy/conf"; }
    access_log /var/log/nginx/access.log;
    include conf.d/*.conf;
}
END
  cat >"$root/etc/nginx/conf.d/default.conf" <<'END'
server {
    listen 80 default_server;
    location / {
        return 200 "default\n";
    }
}
END
}

# HAProxy, keepalived and unbound are there and not configured; start-services starts what a test has configured since.
furnish_services() {
  rm -rf "${root:?}"/etc/keepalived "${root:?}"/etc/haproxy/haproxy.cfg "${root:?}"/etc/unbound
  mkdir -p "$root/etc/keepalived" "$root/etc/haproxy" "$root/etc/unbound"
  cat >"$root/usr/local/sbin/start-services" <<'END'
#!/bin/sh
# Starts HAProxy and keepalived where they are configured and do not run, and first what takes their log.
lives() {
  { read -r pid <"/run/$1.pid"; } 2>/dev/null && kill -0 "$pid" 2>/dev/null
}
exec </dev/null
if [ -e /etc/haproxy/haproxy.cfg ] || [ -e /etc/keepalived/keepalived.conf ]; then
  [ -S /dev/log ] || busybox syslogd -O /var/log/messages
fi
if [ -e /etc/haproxy/haproxy.cfg ] && ! lives haproxy; then
  mkdir -p /run/haproxy && chown haproxy:haproxy /run/haproxy && chmod 2775 /run/haproxy
  # As Debian's unit does, which has it in the foreground.
  haproxy -Ws -f /etc/haproxy/haproxy.cfg -p /run/haproxy.pid -S /run/haproxy-master.sock >>/var/log/haproxy.out 2>&1 &
fi
if [ -e /etc/keepalived/keepalived.conf ] && ! lives keepalived; then keepalived >>/var/log/keepalived.out 2>&1; fi
END
  chmod 0755 "$root/usr/local/sbin/start-services"
}

furnish_shells() {
  rm -rf "${root:?}"/etc/profile "$root"/etc/profile.d/* \
    "$root"/etc/{bash.bashrc,csh.*,csh,fish,zsh,environment}
  case $sh in
    bash | dash) ln -sf "$sh" "$root/usr/bin/sh" ;;
    busybox) ln -sf busybox "$root/usr/bin/sh" ;;
    '') if [[ $tools == busybox ]]; then ln -sf busybox "$root/usr/bin/sh"; fi ;;
    *) echo "no such sh: $sh" >&2; exit 1 ;;
  esac
  if [[ $login_shell == '' && $tools == busybox ]]; then login_shell=/bin/sh; fi
  if [[ $login_shell != '' ]]; then
    [[ -x $root$login_shell ]] || { echo "no shell $login_shell" >&2; exit 1; }
    sed -i "/^\(root\|deploy\|plain\):/s|[^:]*\$|$login_shell|" "$root/etc/passwd"
  fi
  if [[ $node == primary && $tool != '' ]]; then ln -sf /opt/nginx-sync/nginx-sync "$root/usr/local/bin/nginx-sync"; fi
}

# The tool sets PATH itself, so the programs themselves have to go. Whatever busybox can do instead, it does.
leave_only_busybox() {
  local file gone=() name
  while read -r file; do
    name=${file##*/}
    case $file in */flock) continue ;; /bin/* | /sbin/* | /usr/bin/* | /usr/sbin/*) ;; *) continue ;; esac
    if [[ -f $file && $name != sh ]]; then gone+=("$root$file"); fi
  done < <(dpkg -L coreutils findutils tar util-linux util-linux-extra bsdutils mount login diffutils sed grep gzip \
    bzip2 mawk procps hostname debianutils bash dash perl-base rsync 2>/dev/null)
  rm -f "${gone[@]}"
  for name in $(busybox --list); do
    [[ $name == sh ]] || echo "$root/usr/bin/$name"
  done | xargs -n 1 ln -sf busybox
}
