# What nodes of one cluster say to each other. One that is reloaded with a configuration that its master does not have may discard all
# that the master sends, and takes the addresses after three adverts, while the master keeps them. Its counters show it before.

# keepalived_has_master: an instance was in state BACKUP before the reload, with a master that it is to hear afterwards. While a change is
# undone nothing of this is asked, nor where the administrator knows better (KEEPALIVED_INCOMPATIBLE).
keepalived_has_master() {
  recall reload-incompatible no
  [ "$recalled" = no ] && ! marked undoing || return 1
  case "$newline$before" in *"${newline}before state "*' BACKUP '*) ;; *) return 1 ;; esac
}

# keepalived_heard STATS SINCE: each instance that is in state BACKUP, as before, has heard its master since then, and discarded
# nothing. It has 1.3 adverts for it.
keepalived_heard() {
  local told
  while :; do
    keepalived_stats || return 1
    now
    told=$(
      {
        printf '%s\n' "$before"
        keepalived_states after
        printf '%s\n' "$1" | sed 's/^/first /'
        printf '%s\n' "$stats" | sed 's/^/second /'
      } | awk -v "waited=$(((now - $2) * 10))" '
$2 == "state" && $4 == "BACKUP" { id[$1, $3] = $5 " " $7; names[$3] = 1; if ($1 == "before") advert[$3] = $8 }
$1 == "first" { heard[$2] = -$3; wrong[$2] = -$4 }
$1 == "second" { heard[$2] += $3; wrong[$2] += $4 }
function say(text) { print name " " text " with this configuration, and would take its addresses while the master has them: the nodes of a cluster must have the same addresses, password, version and advert_int"; exit }
END {
for (name in names) if (("before", name) in id && id["before", name] == id["after", name]) {
if (wrong[name] > 0) say("discards what its master sends")
if (heard[name] > 0) continue
if (waited > 1.3 * advert[name]) say("does not hear its master")
waits = 1
}
if (waits) print "wait" }'
    )
    case $told in
      '') return 0 ;;
      wait) pause 0.1 ;;
      *)
        words=$told
        return 1
        ;;
    esac
  done
}

# keepalived_stats: the counters of each instance in $stats: "NAME ADVERTS ERRORS".
keepalived_stats() {
  keepalived_asked USR2 keepalived.stats || return 1
  stats=$(printf '%s\n' "$answer" | awk '
function tell() { if (name != "") print name, heard, wrong }
/^VRRP Instance: / { tell(); name = $3; heard = 0; wrong = 0; part = "" }
/^  [A-Z]/ { part = $1 }
/^    / && part == "Advertisements:" && $1 == "Received:" { heard = $2 }
/^    / && (part == "Packet" || part == "Authentication") { wrong += $NF }
END { tell() }')
}
