# Holds one kernel, so that it outlives its agent. Run by a POSIX sh as
#
#   sh supervisor.sh KERNEL DIRECTORY NOTIFY SETSID CGROUPS LEASE LIMIT CWD STDIN -- COMMAND...
#
#   KERNEL     name of the attempt; agents recognise this process by it
#   DIRECTORY  of the kernel: started, pid, exit, stdout, stderr
#   NOTIFY     FIFO of the agent: a hint that there is something new
#   SETSID     setsid(1)
#   CGROUPS    files cgroup.procs to put the kernel into, one a line, that with pids.max first; or -
#   LEASE      file that holds the end of the lease in seconds of /proc/uptime, or - for kernels that need none
#   LIMIT      seconds after which the kernel is killed if nobody has done so before, or -; the first word of the file
#              limit in DIRECTORY takes its place once there is one
#   CWD        working directory
#   STDIN      FIFO in DIRECTORY that is the standard input, STDIN-end being that in which a word ends it; or -
#
# It is started as the leader of its own session with everything but the standard descriptors closed. A fork costs
# about as much as all the rest, so everything but the kernel itself is done by built-ins. The exit file is written
# by one write, and is whole only with its closing dot: for a reader that is as good as a rename, and mv(1) would cost
# two fifths of the whole start. The file pid holds the process id and, since ids are used again, the time of its start
# in ticks as /proc has it.
kernel=$1 directory=$2 notify=$3 setsid=$4 cgroups=$5 lease=$6 limit=$7 cwd=$8 stdin=$9
shift 10

cd "$directory" || exit 1

# Exclusive: of all that may ever try to start this attempt, one goes on.
set -C
echo $$ >started || exit 0
set +C

newline='
'

lease_runs()
{
    read -r now rest </proc/uptime && read -r until rest <"$lease" && [ "${now%%.*}" -lt "$until" ]
}

finish()
{
    # On a full disk the code waits for space; a kernel whose code is lost counts as failed.
    until echo "$1 $2 ." >exit
    do
        sleep 1
    done
    echo "-$kernel" 1<>"$notify"
    exit 0
}

enter()
{
    while [ -n "$1" ]
    do
        echo 0 >"${1%%"$newline"*}" || return 1
        case $1 in
            *"$newline"*) set -- "${1#*"$newline"}" ;;
            *) set -- ;;
        esac
    done
}

# Kills whoever is in the kernel's cgroups, wherever it went; faster than it can fork.
sweep()
{
    [ "$cgroups" != - ] || return 0
    members=${cgroups%%"$newline"*}
    for round in 1 2 3 4 5
    do
        some=
        while read -r member
        do
            [ -n "$some" ] || [ ! -e "${members%cgroup.procs}pids.max" ] || echo 0 >"${members%cgroup.procs}pids.max"
            some=yes
            kill -KILL "$member"
        done <"$members"
        [ -n "$some" ] || return 0
    done
}

# Start of a process in ticks, the 22nd of its numbers; its name may hold anything but is in parentheses.
born()
{
    read -r stat <"/proc/$1/stat" || return 1
    set -- ${stat##*) }
    shift 19
    born=$1
}

# Whether the kernel's process, or its group, is still there. Its number is used again only when both are gone.
lives()
{
    if born "$pid"
    then
        [ "$born" = "$since" ]
    else
        kill -0 -"$pid"
    fi
}

# Second in which the limit ends, as that is now; empty if there is none.
limited()
{
    [ ! -e limit ] || read -r limit rest <limit
    end=
    [ "$limit" = - ] || end=$((begun + limit))
}

# Kills until nobody is left; the kernel's process is its own group only once it has run setsid. Ends with the
# supervisor, or, if that was killed, with the kernel.
watch()
{
    read -r now rest </proc/uptime
    begun=${now%%.*}
    while
        limited
        step=1
        if [ "$lease" = - ]
        then
            # Now and then also long before: the supervisor may have been killed, and the kernel have ended.
            [ -z "$end" ] || step=$((end - ${now%%.*}))
            [ -n "$end" ] || step=600
            [ "$step" -ge 1 ] || step=1
            [ "$step" -le 600 ] || step=600
        fi
        sleep "$step"
    do
        read -r now rest </proc/uptime
        reason=
        limited
        [ -z "$end" ] || [ "${now%%.*}" -lt "$end" ] || reason=walltime
        [ "$lease" = - ] || lease_runs || reason=lease-expired
        pid=
        read -r pid since rest <pid
        if [ -z "$pid" ]
        then
            # Not started yet, or discarded with its directory.
            [ -e started ] || exit 0
            continue
        fi
        if [ -n "$reason" ]
        then
            [ -e killed ] || echo "$reason" >killed
            sweep
            lives || exit 0
            kill -KILL -"$pid" || kill -KILL "$pid" || exit 0
        else
            lives || exit 0
        fi
    done
}

[ "$lease" = - ] || lease_runs || finish 137 lease-expired

watcher=
if [ "$lease$limit" != -- ]
then
    watcher=yes
    watch &
fi

# Its input is held open by a process that waits for a word that it ends, so that agents come and go without it being
# noticed. This shell reads it as well, but takes nothing: there has to be a reader for the input to be opened without
# waiting for one.
if [ "$stdin" = - ]
then
    exec 4</dev/null
else
    # Both are open before anybody is told of the kernel: who finds nobody at the second takes the input to have ended.
    exec 3<>"$stdin" 4<"$stdin" 5<>"$stdin-end"
    { read -r word; } <&5 4<&- 5<&- &
    exec 3<&- 5<&-
fi

# In the foreground: what a shell runs in the background has SIGINT and SIGQUIT ignored for good.
(
    [ "$cgroups" = - ] || enter "$cgroups" || exit 125
    born self || exit 125
    echo "${stat%% *} $born" >pid || exit 125
    echo "+$kernel" 1<>"$notify"
    cd "$cwd" || exit 126
    exec "$setsid" "$@"
) <&4 4<&- >>stdout 2>>stderr
code=$?
# By a word, not by its number, which may be somebody else's if the input has ended long ago.
[ "$stdin" = - ] || echo 1<>"$stdin-end"

# Whatever the kernel left behind, in its process group or in its cgroups, goes with it.
read -r pid rest <pid && kill -KILL -"$pid"
sweep
reason=-
if [ -n "$watcher" ]
then
    # The watcher and its sleep(1) are all that is left in this group.
    trap '' TERM
    kill -TERM 0
fi
[ ! -e killed ] || read -r reason rest <killed
finish "$code" "$reason"
