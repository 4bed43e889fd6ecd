# Where the script has started itself for the test in a view (push/view.sh), it goes no further than to here: the shell need not
# read the rest.

[ "$1" != view ] || view "$@"
