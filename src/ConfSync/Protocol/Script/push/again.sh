# What the script does where it started itself again, and where people start what an undo left (leave_undo).

case ${1:-} in
  recover) recover_by_hand ;;
  run)
    shift
    run "$@"
    ;;
esac
