# Holds one kernel, so that it outlives its agent. Run by a POSIX sh as
#
#   sh supervisor.sh KERNEL DIRECTORY NOTIFY SETSID CGROUP LEASE LIMIT CWD -- COMMAND...
#
#   KERNEL     name of the attempt; agents recognise this process by it
#   DIRECTORY  of the kernel: started, pid, exit, stdout, stderr
#   NOTIFY     FIFO of the agent: a hint that there is something new
#   SETSID     setsid(1)
#   CGROUP     cgroup.procs to put the kernel into, or -
#   LEASE      file that holds the end of the lease in seconds of /proc/uptime, or - for kernels that need none
#   LIMIT      seconds after which the kernel is killed if nobody has done so before, or -
#   CWD        working directory
#
# It is started as the leader of its own session with everything but the standard descriptors closed. A fork costs
# about as much as all the rest, so everything but the kernel itself is done by built-ins. The exit file is written
# by one write, and is whole only with its closing dot: for a reader that is as good as a rename, and mv(1) would cost
# two fifths of the whole start.
kernel=$1 directory=$2 notify=$3 setsid=$4 cgroup=$5 lease=$6 limit=$7 cwd=$8
shift 9

cd "$directory" || exit 1

# Exclusive: of all that may ever try to start this attempt, one goes on.
set -C
echo $$ >started || exit 0
set +C

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

# Kills until nobody is left; the kernel's process is its own group only once it has run setsid. Ends with the
# supervisor, or, if that was killed, with the kernel.
watch()
{
    read -r now rest </proc/uptime
    end=
    [ "$limit" = - ] || end=$((${now%%.*} + limit))
    step=1
    [ "$lease" != - ] || step=$limit
    while sleep "$step"
    do
        step=1
        read -r now rest </proc/uptime
        reason=
        [ -z "$end" ] || [ "${now%%.*}" -lt "$end" ] || reason=walltime
        [ "$lease" = - ] || lease_runs || reason=lease-expired
        pid=
        read -r pid rest <pid
        if [ -z "$pid" ]
        then
            # Not started yet, or discarded with its directory.
            [ -e started ] || exit 0
            continue
        fi
        if [ -n "$reason" ]
        then
            [ -e killed ] || echo "$reason" >killed
            kill -KILL -"$pid" || kill -KILL "$pid" || exit 0
        else
            kill -0 -"$pid" || kill -0 "$pid" || exit 0
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

# In the foreground: what a shell runs in the background has SIGINT and SIGQUIT ignored for good.
(
    [ "$cgroup" = - ] || echo 0 >"$cgroup" || exit 125
    read -r self rest </proc/self/stat
    echo "$self" >pid || exit 125
    echo "+$kernel" 1<>"$notify"
    cd "$cwd" || exit 126
    exec "$setsid" "$@"
) </dev/null >>stdout 2>>stderr
code=$?

# Whatever the kernel left behind in its process group goes with it.
read -r pid rest <pid && kill -KILL -"$pid"
reason=-
if [ -n "$watcher" ]
then
    # The watcher and its sleep(1) are all that is left in this group.
    trap '' TERM
    kill -TERM 0
fi
[ ! -e killed ] || read -r reason rest <killed
finish "$code" "$reason"
