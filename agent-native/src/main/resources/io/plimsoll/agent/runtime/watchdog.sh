# Ends a container whose lease or time has run out, with its agent dead and its engine silent if need be. Run by a POSIX
# sh as
#
#   sh watchdog.sh KERNEL DIRECTORY CONTAINER LEASE LIMIT
#
#   KERNEL     name of the attempt; agents recognise this process by it
#   DIRECTORY  of the kernel: started, exit, watchdog
#   CONTAINER  id of the container
#   LEASE      file that holds the end of the lease in seconds of /proc/uptime, or - for kernels that need none
#   LIMIT      seconds of running after which the container is killed if nobody has done so before, or -; the first word
#              of the file limit in DIRECTORY takes its place once there is one
#
# It is started before the container, and goes on until the agent has written down the end: what starts late, because
# the engine was slow, is killed as well. Processes are found by the id in their cgroup, wherever the engine puts that.
kernel=$1 directory=$2 container=$3 lease=$4 limit=$5

cd "$directory" || exit 1

# One for each container: the first to make its file, unless that one is gone.
if read -r other rest <watchdog && [ -r "/proc/$other/cmdline" ] && grep -q "$kernel" "/proc/$other/cmdline"
then
    exit 0
fi 2>/dev/null
echo $$ >watchdog || exit 1

lease_runs()
{
    read -r now rest </proc/uptime && read -r until rest <"$lease" && [ "${now%%.*}" -lt "$until" ]
}

# Processes of the container, one a line.
members()
{
    grep -ls "$container" /proc/[0-9]*/cgroup | while IFS=/ read -r empty proc pid rest
    do
        echo "$pid"
    done
}

step=1
begun=
while sleep "$step"
do
    [ ! -e exit ] && [ ! -e verdict ] && [ -e assignment ] || exit 0
    reason=
    [ "$lease" = - ] || lease_runs || reason=lease-expired
    read -r now rest </proc/uptime
    if [ -z "$begun" ]
    then
        [ -z "$(members)" ] || begun=${now%%.*}
    else
        [ ! -e limit ] || read -r limit rest <limit
        [ "$limit" = - ] || [ "${now%%.*}" -lt "$((begun + limit))" ] || reason=walltime
    fi
    if [ -n "$reason" ]
    then
        for pid in $(members)
        do
            [ -e killed ] || echo "$reason" >killed
            kill -KILL "$pid" || docker kill "$container"
        done
    fi
done
