# What keepalived -t does not say, although keepalived ends with it, or drops or doubles an address: see docs/services.md.

# keepalived_checks: fails, with the reasons in $words, where the new configuration ($facts) is one of those, beside the one that runs
# ($facts_before) and what this node has. Otherwise $words has what is to be known of it.
keepalived_checks() {
  local found_out removal apart
  recall reload-removals no
  removal=$recalled
  recall reload-incompatible no
  apart=$recalled
  # What is made from the definition of a cluster has the user's word.
  if head -n 1 "$file" 2>/dev/null | grep -q '^# Written by nginx-sync for '; then removal=yes; fi
  found_out=$(
    {
      ip -o addr | sed 's/^/addr /'
      ip -o link | sed 's/^/link /'
      printf '%s\n' "$facts_before" | sed 's/^/old /'
      printf '%s\n' "$facts" | sed 's/^/new /'
    } | awk -v "runs=${found:+yes}" -v "removal=$removal" -v "apart=$apart" "$keepalived_checker"
    keepalived_scripts
  )
  words=$(printf '%s\n' "$found_out" | sed -n 's/^no //p')
  [ -z "$words" ] || return 1
  words=$(printf '%s\n' "$found_out" | sed -n 's/^say //p')
}

# The comparison, for awk.
# shellcheck disable=SC2016 # for awk
keepalived_checker='
function bare(address) { sub(/\/.*/, "", address); return address }
function of(side, name, key) { return value[side, name, key] }
function forbid(text) { print "no " text }
function same(name) { return ("old", name) in instance && of("old", name, "virtual_router_id") == of("new", name, "virtual_router_id") && of("old", name, "interface") == of("new", name, "interface") }
function addresses(name, list, address) {
list = ""
for (i = 1; i <= vips; i++) if (vip_side[i] == "old" && vip_name[i] == name) list = list (list == "" ? "" : ", ") vip[i]
return list
}
function successor(name, other) {
if (("new", name) in instance) return name
for (other in names) if (("new", other) in instance && !(("old", other) in instance) && of("new", other, "virtual_router_id") == of("old", name, "virtual_router_id") && of("new", other, "interface") == of("old", name, "interface")) return other
return ""
}
$1 == "addr" { if ($4 ~ /^inet/) here[bare($5)] = $3; next }
$1 == "link" { link = $3; sub(/[@:].*/, "", link); up[link] = $0 ~ /[<,]UP[,>]/ && $0 ~ /[<,]LOWER_UP[,>]/; next }
$2 == "inst" {
names[$3] = 1
if ($4 == "-") { if (!(($1, $3) in instance)) order[$1, ++instances[$1]] = $3; instance[$1, $3] = 1; next }
value[$1, $3, $4] = $5
if ($4 == "virtual_ipaddress") { sent[$1, $3]++; sends[$1, $3, bare($5)] = 1 }
if ($4 == "virtual_ipaddress" && bare($5) in here) holds[$1, $3] = 1
if (NF == 4) value[$1, $3, $4] = "yes"
if ($4 == "virtual_ipaddress" || $4 == "excluded") {
address = bare($5)
vip[++vips] = address; vip_side[vips] = $1; vip_name[vips] = $3; vip_sent[vips] = $4 != "excluded"
if (($1, address) in owner && owner[$1, address] != $3) twice[$1, address] = owner[$1, address]
owner[$1, address] = $3
}
if ($4 == "unicast_peer") { peer[++peers] = $5; peer_side[peers] = $1; peer_name[peers] = $3; had[$1, $3, bare($5)] = 1 }
if ($4 == "track_script" && $6 != "") track_weight[$1, $3, $5] = $6
if ($4 == "track_script") { track[++tracks] = $5; track_side[tracks] = $1; track_name[tracks] = $3 }
}
$2 == "global" { global[$1, $3] = $4 == "" ? "yes" : $4 }
$2 == "script" { script[$1, $3, $4] = $5 }
$2 == "other" { others[$1]++ }
END {
had_some = instances["old"] + others["old"]
if (had_some && !(instances["new"] + others["new"])) { forbid("keepalived would have nothing to do any more, and drop its addresses"); exit }
for (i = 1; i <= instances["old"]; i++) {
name = order["old", i]
if (successor(name) == "" && removal != "yes") forbid(name " would be gone" (addresses(name) == "" ? "" : ", and with it " addresses(name)))
}
for (n = 1; n <= vips; n++) {
address = vip[n]; name = vip_name[n]
if (vip_side[n] == "old") {
if (!(("new", address) in owner)) { if (successor(name) != "" && removal != "yes") forbid(address " of " name " would be gone") }
else if (owner["new", address] != successor(name) && !(("new", address) in twice)) forbid(address " would move from " name " to " owner["new", address] ", and keepalived loses an address that moves in one reload: push the removal, then the addition")
continue
}
if (("new", address) in twice && !(("old", address) in twice) && twice["new", address] != name) forbid(address " is in two instances: " twice["new", address] " and " name)
if (runs && had_some && !(("old", address) in owner) && address in here) forbid(address " of " name " is an address of this node already (" here[address] ")")
}
for (n = 1; n <= peers; n++) if (peer_side[n] == "new" && bare(peer[n]) in here && !(("old", bare(peer[n])) in owner) && !(("old", peer_name[n], bare(peer[n])) in had)) forbid(peer_name[n] " has this node itself, " bare(peer[n]) ", among its unicast_peer")
for (i = 1; i <= instances["new"]; i++) judge(order["new", i])
if (had_some) {
if (global["old", "enable_script_security"] && !global["new", "enable_script_security"] && !global["new", "script_user"]) forbid("enable_script_security is turned off without a script_user: keepalived would remove the scripts until it is restarted")
if (global["new", "reload_check_config"] && !global["old", "reload_check_config"]) forbid("reload_check_config is turned on: that takes a restart of keepalived, because a reload may end it")
split("net_namespace net_namespace_ipvs instance use_pid_dir linkbeat_use_polling", fixed)
for (i in fixed) if (global["old", fixed[i]] != global["new", fixed[i]]) forbid(fixed[i] " changes: that takes a restart of keepalived")
}
}
function together(name, what) { return name ": the nodes of its cluster must change its " what " at once, or an address is on two of them: see KEEPALIVED_INCOMPATIBLE" }
function version(side, name) { return of(side, name, "version") != "" ? of(side, name, "version") : global[side, "vrrp_version"] != "" ? global[side, "vrrp_version"] : 2 }
function common(name, n, keys) {
split("auth_type auth_pass", keys)
for (n in keys) if (of("old", name, keys[n]) != of("new", name, keys[n])) forbid(together(name, keys[n]))
if (version("old", name) != version("new", name)) forbid(together(name, "version"))
else if (version("new", name) == 2 && advert("old", name) != advert("new", name)) forbid(together(name, "advert_int"))
if (!global["old", "vrrp_skip_check_adv_addr"]) for (n = 1; n <= vips; n++) if (vip_sent[n] && vip_name[n] == name && (sent["old", name] != sent["new", name] || !((vip_side[n] == "old" ? "new" : "old", name, vip[n]) in sends))) { forbid(together(name, "addresses")); break }
for (n = 1; n <= peers; n++) if (peer_side[n] == "old" && peer_name[n] == name && !(("new", name, bare(peer[n])) in had)) forbid(name " tells " peer[n] " no more that it has its addresses: stop keepalived there, then set KEEPALIVED_INCOMPATIBLE")
}
function advert(side, name) { return of(side, name, "advert_int") == "" ? 1 : of(side, name, "advert_int") + 0 }
function judge(name, source, n, weight, most, weighted) {
source = bare(of("new", name, "unicast_src_ip"))
if (source != "" && source !~ /[$]/ && !(source in here) && source != bare(of("old", name, "unicast_src_ip"))) forbid("unicast_src_ip " source " of " name " is no address of this node")
link = of("new", name, "interface")
if (link in up && !up[link] && link != of("old", name, "interface")) forbid("the interface " link " of " name " is down")
if (("old", name) in instance && !same(name)) {
if (of("old", name, "interface") != of("new", name, "interface") && of("old", name, "virtual_router_id") != of("new", name, "virtual_router_id")) forbid("the interface and the virtual_router_id of " name " change at once: push one, then the other")
else if (apart != "yes") forbid(of("old", name, "interface") != of("new", name, "interface") ? together(name, "interface") : together(name, "virtual_router_id"))
} else if (("old", name) in instance && holds["old", name] && apart != "yes") common(name)
most = of("new", name, "priority") + 0
for (n = 1; n <= tracks; n++) if (track_side[n] == "new" && track_name[n] == name) {
weight = (("new", name, track[n]) in track_weight) ? track_weight["new", name, track[n]] : script["new", track[n], "weight"]
if (weight + 0 > 0) most += weight
if (weight + 0 != 0) weighted = track[n]
}
if (most > 254) print "say " name " may come to a priority of " most ": keepalived takes 254, as for others"
if (of("new", name, "nopreempt") && weighted != "") print "say " name " has nopreempt, and " weighted " has a weight: where it fails, the addresses stay with their holder"
}'

# keepalived_scripts: "no REASON" for each program that keepalived is to run and cannot, or that others may write to. What was so
# before the push is only said.
keepalived_scripts() {
  local path why outside verdict
  outside=
  # shellcheck disable=SC3013 # in POSIX since 2024, and in every sh that is in use
  [ "/proc/$PPID/ns/mnt" -ef /proc/self/ns/mnt ] || outside=/proc/$PPID/root
  printf '%s\n' "$facts" | sed -n 's/^script [^ ]* script //p; s/^notify //p' | sort -u | while read -r path; do
    why=$(keepalived_script_fault "$path" "$path")
    [ -n "$why" ] || continue
    verdict=no
    [ -z "$outside" ] || [ "$(keepalived_script_fault "$outside$path" "$path")" != "$why" ] || case "$newline$facts_before$newline" in *" $path$newline"*) verdict=say ;; esac
    printf '%s %s\n' "$verdict" "$why"
  done
}

# keepalived_script_fault FILE NAME
keepalived_script_fault() {
  case $2 in /*) ;; *) return ;; esac
  if [ ! -f "$1" ]; then
    printf '%s' "keepalived is to run $2, which is not there"
  elif [ ! -x "$1" ]; then
    printf '%s' "keepalived is to run $2, which is not executable"
  else
    case $(stat -L -c %a "$1" 2>/dev/null) in *[2367]) printf '%s' "keepalived is to run $2, which every user may write to" ;; esac
  fi
}
