# What a word from the wire may be. Every word goes through check before it is used: a shell runs what it is made to
# calculate with (in bash, a number in $((…)) may be an array whose index names a command), and a path leads where it leads.

# is_encoded WORD: as the primary encodes it (Wire.cs), and not empty. What is plain is never encoded, so that a dot or a slash
# is seen where it is.
is_encoded() {
  case $1 in
    '' | *[!A-Za-z0-9._/+,:@%-]*) return 1 ;;
    *%*) ;;
    *) return 0 ;;
  esac
  case $1 in *%[!0-9A-F]* | *%?[!0-9A-F]* | *% | *%? | *%2[EF]* | *%3A* | *%00*) return 1 ;; esac
}

# check TYPE WORD: fails, with the reason in $words, unless WORD is encoded and of this type:
#   number   a decimal number that every shell calculates with: of 15 digits at most, and none is taken for octal
#   octal    the mode of a file
#   hex      lower-case hexadecimal digits
#   digest   of a file (HEX), of a state (HEX:SCOPE), or none (-)
#   path     absolute and normalised
#   inside   relative, normalised, and leads out of nowhere; a dot is the top
#   name     what one directory has in it
#   account  a user or a group
#   text     anything
#   A|B      one of these words
check() {
  words="not of the type $1: $2"
  is_encoded "$2" || return 1
  case $1 in
    number) case $2 in *[!0-9]* | 0?* | ????????????????*) return 1 ;; esac ;;
    octal) case $2 in *[!0-7]* | ??????*) return 1 ;; esac ;;
    hex) case $2 in *[!0-9a-f]*) return 1 ;; esac ;;
    digest) case $2 in -) ;; *[!0-9a-f:]*) return 1 ;; esac ;;
    name) case $2 in . | .. | */*) return 1 ;; esac ;;
    path) case $2/ in //) ;; [!/]* | *//* | */./* | */../*) return 1 ;; esac ;;
    inside) case /$2/ in /./) ;; *//* | */./* | */../*) return 1 ;; esac ;;
    account) case $2 in *[:/]*) return 1 ;; esac ;;
    text) ;;
    *) case "|$1|" in *"|$2|"*) ;; *) return 1 ;; esac ;;
  esac
}
