# Keeps what a container has written and its engine has not read, with agent and engine dead if need be: it has the pipes
# of the container's output open for reading, and never reads. And has Linux write down how the container's processes
# end, of which an engine that is killed may lose the first. Run by a POSIX sh as
#
#   sh hold.sh KERNEL DIRECTORY STDOUT STDERR FIRST NAMESPACE
#
#   KERNEL     name of the attempt; agents recognise this process by it
#   DIRECTORY  of the kernel: holder, ended-processes, exit, verdict, assignment
#   STDOUT     path of the pipe
#   STDERR     the same, or - where a terminal takes both
#   FIRST      process id of the container's first process, or -
#   NAMESPACE  of its process ids, as /proc names it
#
# The agent reads what is left there, by this process's descriptors, when the engine has given what it has. It goes on
# until the agent ends it, or has written down the end.
kernel=$1 directory=$2 stdout=$3 stderr=$4 first=$5 namespace=$6

cd "$directory" || exit 1

# A pipe nobody writes to any more would make the shell wait, so for a moment it is a writer itself.
exec 4<>"$stdout"
exec 3</proc/self/fd/4 4>&-
if [ "$stderr" != - ]
then
    exec 4<>"$stderr"
    exec 5</proc/self/fd/4 4>&-
fi

# Accounting (acct(2)) is of the namespace of process ids that the caller is in, and takes somebody who can call it:
# perl, which Debian and its kin are never without. Elsewhere there is none. Numbers of the two calls are Linux's own.
account()
{
    case $(uname -m) in
        x86_64) set -- 163 308 ;;
        aarch64) set -- 89 268 ;;
        *) return ;;
    esac
    : >ended-processes
    perl -e '
        my ($acct, $setns, $first, $namespace) = @ARGV;
        open(my $at, "<", "/proc/$first/ns/pid") or exit 1;
        # The number of a process is used again.
        readlink("/proc/self/fd/" . fileno($at)) eq $namespace or exit 1;
        syscall(0 + $setns, fileno($at), 0x20000000) == 0 or exit 1;
        # Who enters one is in it with its children only.
        defined(my $child = fork()) or exit 1;
        $child == 0 and exit(syscall(0 + $acct, my $file = "ended-processes") == 0 ? 0 : 1);
        waitpid($child, 0);
        exit($? >> 8);
    ' "$@" "$first" "$namespace" 3<&- 5<&- || rm -f ended-processes
}

[ "$first" = - ] || account
echo $$ >holder || exit 1

while sleep 20 3<&- 5<&-
do
    [ ! -e exit ] && [ ! -e verdict ] && [ -e assignment ] || exit 0
    # Of a container that lives, all that was written is of processes that nobody asks for.
    if [ -e ended-processes ] && [ "$(wc -c <ended-processes)" -gt 65536 ] &&
        [ "$(readlink "/proc/$first/ns/pid")" = "$namespace" ]
    then
        : >ended-processes
    fi
done
