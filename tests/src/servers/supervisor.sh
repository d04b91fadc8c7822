# Runs one server for a test and never outlives the test.
#
#   sh -c SUPERVISOR supervisor DIR SIGNAL COMMAND...
#
# DIR is removed at the end; SIGNAL is how the server likes to be stopped. Orders come as lines on
# standard input, each is answered with one line: start (answered with the pid), kill, stop. When
# the input ends, the test is over or dead: the server is stopped.
dir=$1
signal=$2
shift 2
pid=

# An answer that nobody reads any more must not end us before we have cleaned up.
trap '' PIPE
trap : HUP INT TERM

# An orphan stays a zombie until somebody reaps it, and not every container has somebody.
gone() { ! kill -0 "$1" 2>/dev/null || grep -qs ') Z ' "/proc/$1/stat"; }

# kill -9 of the server and its children at once. Stopped first, so that it starts no more of them.
# (PostgreSQL's children are process groups of their own, so a group kill would miss them.)
strike() {
    [ -n "$pid" ] || return 0
    kill -STOP "$pid" 2>/dev/null
    children=$(cat "/proc/$pid/task/$pid/children" 2>/dev/null)
    # shellcheck disable=SC2086 # the children are words
    kill -KILL "$pid" $children 2>/dev/null
    wait "$pid" 2>/dev/null
    for child in $children; do
        until gone "$child"; do sleep 0.01; done
    done
    pid=
}

quit() {
    [ -n "$pid" ] || return 0
    kill "-$signal" "$pid" 2>/dev/null
    rounds=0
    until gone "$pid" || [ "$rounds" -ge 500 ]; do
        sleep 0.02
        rounds=$((rounds + 1))
    done
    strike
}

while read -r order; do
    case $order in
    start)
        "$@" </dev/null >>"$dir/log" 2>&1 &
        pid=$!
        echo "$pid"
        ;;
    kill) strike && echo done ;;
    stop) quit && echo done ;;
    *) echo "unknown order $order" ;;
    esac
done

quit
# A PostgreSQL that was killed leaves a small shared memory segment behind; its pid file names it.
if [ -f "$dir/data/postmaster.pid" ]; then
    # shellcheck disable=SC2046 # key and id are words
    set -- $(sed -n 7p "$dir/data/postmaster.pid")
    [ -z "$2" ] || ipcrm -m "$2" 2>/dev/null
fi
# A browser's children outlive it for a moment and would write their files anew. They are in our process group.
sweep() {
    found=
    for stat in /proc/[0-9]*/stat; do
        other=${stat#/proc/}
        other=${other%/stat}
        [ "$other" != "$$" ] && { read -r line <"$stat"; } 2>/dev/null || continue
        # shellcheck disable=SC2086 # state, parent and group are words
        set -- ${line##*) }
        [ "$3" = "$$" ] && [ "$1" != Z ] || continue
        kill -KILL "$other" 2>/dev/null
        found=yes
    done
}
rounds=0
sweep
until [ -z "$found" ] || [ "$rounds" -ge 250 ]; do
    sleep 0.02
    sweep
    rounds=$((rounds + 1))
done
rm -rf "$dir"
