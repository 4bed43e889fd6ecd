# keepalived's configuration, read as keepalived reads it: no test of its own says what is in it.

# keepalived_lines FILE [DEPTH]: its lines without what they begin with, those of the files that it includes in their place.
keepalived_lines() {
  local line included IFS
  [ -f "$1" ] && [ "${2:-0}" -lt 9 ] || return 0
  # Names with blanks are not split, and patterns lead to files.
  IFS=
  tr '\t\r' '  ' <"$1" | while read -r line || [ -n "$line" ]; do
    line=${line#"${line%%[! ]*}"}
    case $line in
      'include '* | include[rmwbat]' '*)
        line=${line#* }
        line=${line#"${line%%[! ]*}"}
        line=${line%%[ #!]*}
        line=${line#\"}
        line=${line%\"}
        case $line in /*) ;; *) line=${1%/*}/$line ;; esac
        # shellcheck disable=SC2086 # a pattern
        for included in $line; do keepalived_lines "$included" "$((${2:-0} + 1))"; done
        ;;
      *) printf '%s\n' "$line" ;;
    esac
  done
}

# keepalived_facts: what the lines on standard input say, a line each: "inst NAME KEY VALUE", "script NAME KEY VALUE", "global KEY
# VALUE", "notify PATH", "other NAME", and "secret WORD" for what may be a password.
keepalived_facts() {
  awk -v "id=$keepalived_id" "$keepalived_reader"
}

# The reader, for awk. A statement that a brace follows opens a block, of which path and name are kept.
# shellcheck disable=SC2016 # for awk
keepalived_reader='
function expand(line, at, name, value) {
at = 1
while (match(substr(line, at), /\$[{]?[A-Za-z_][A-Za-z0-9_]*[}]?/)) {
at += RSTART - 1
name = substr(line, at, RLENGTH)
gsub(/[${}]/, "", name)
value = name in defined ? defined[name] : "$" name
line = substr(line, 1, at - 1) value substr(line, at + RLENGTH)
at += name in defined && ++expanded < 1000 ? 0 : length(value)
}
return line
}
function word(number, text) {
text = words[number]
sub(/ .*/, "", text)
return text
}
function state(first, number) {
first = words[1]
if (count == 0) return
if (path[1] == "vrrp_instance") {
if (depth == 2 && path[2] == "authentication") {
for (number = 1; number <= count; number++) if (words[number] !~ /^(auth_type|auth_pass|PASS|AH)$/) print "secret " words[number]
}
if (depth == 2 && path[2] == "virtual_ipaddress_excluded") first = "excluded " first
else if (depth == 2 && path[2] != "authentication") first = path[2] " " first
for (number = 2; number <= count; number++) if (depth == 2 && path[2] ~ /^virtual_/ && words[number] == "dev") first = first " " words[number + 1]
if (depth == 2 && path[2] == "track_script") { for (number = 2; number <= count; number++) if (words[number] == "weight") first = first " " words[number + 1] }
else if (depth == 1 || path[2] == "authentication") first = first " " word(2)
print "inst " name[1] " " first
} else if (path[1] == "vrrp_script" && depth == 1) print "script " name[1] " " first " " word(2)
else if (path[1] == "global_defs" && depth == 1) print "global " first " " word(2)
if (words[1] ~ /^(notify|startup_script|shutdown_script|vrrp_notify_fifo_script)/ && words[1] !~ /_fifo$/ && count > 1) print "notify " word(2)
if (words[1] ~ /^auth_pass/ && count > 1) print "secret " words[2]
}
function open() {
if (count == 0 && held != "") { words[1] = held; words[2] = held_name }
depth++
path[depth] = words[1]
name[depth] = words[2]
if (depth == 1 && path[1] == "vrrp_instance") print "inst " name[1] " - -"
if (depth == 1 && path[1] ~ /^virtual_server/) print "other " name[1]
count = 0
held = ""
words[2] = ""
}
function finish() {
held = ""
if (count == 0) return
held = words[1]
held_name = count > 1 ? words[2] : ""
state()
count = 0
words[2] = ""
}
function statement(line, i, c, text, quoted, inside) {
line = line " "
text = ""
count = 0
words[2] = ""
for (i = 1; i <= length(line); i++) {
c = substr(line, i, 1)
if (c == "\"") { quoted = !quoted; inside = 1; continue }
if (!quoted && (c == " " || c == "\t" || c == "\r" || c == "{" || c == "}")) {
if (text != "" || inside) words[++count] = text
text = ""
inside = 0
if (c == "{") open()
if (c == "}") { finish(); if (depth > 0) depth-- }
continue
}
if (!quoted && text == "" && (c == "#" || c == "!")) break
text = text c
}
if (text != "") words[++count] = text
finish()
}
{
line = $0
if (more) { defined[defining] = defined[defining] "\n" line; more = sub(/\\$/, "", defined[defining]); next }
if (match(line, /^\$[A-Za-z_][A-Za-z0-9_]*=/)) {
defining = substr(line, 2, RLENGTH - 2)
defined[defining] = substr(line, RLENGTH + 1)
more = sub(/\\$/, "", defined[defining])
next
}
if (line ~ /^@/) {
condition = line
sub(/[ \t].*/, "", condition)
sub(/^[^ \t]*[ \t]*/, "", line)
if (condition == "@^" id || (condition !~ /^@\^/ && condition != "@" id)) next
}
parts = split(expand(line), part, "\n")
for (p = 1; p <= parts; p++) statement(part[p])
}'
