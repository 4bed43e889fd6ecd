# Settings that are asked for where they are needed.

# recall NAME [DEFAULT]: the setting as the primary sent it last, still encoded, in $recalled; DEFAULT, or nothing, where it did not
# send one.
recall() {
  recalled=${2:-}
  case $settings in *"$newline$1 "*)
    recalled=${settings##*"$newline$1 "}
    recalled=${recalled%%"$newline"*}
    ;;
  esac
}
