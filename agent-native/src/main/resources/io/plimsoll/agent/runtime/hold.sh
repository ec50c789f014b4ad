# Keeps what a container has written and its engine has not read, with agent and engine dead if need be: it has the pipes
# of the container's output open for reading, and never reads. Run by a POSIX sh as
#
#   sh hold.sh KERNEL DIRECTORY STDOUT STDERR
#
#   KERNEL     name of the attempt; agents recognise this process by it
#   DIRECTORY  of the kernel: holder, exit, verdict, assignment
#   STDOUT     path of the pipe
#   STDERR     the same, or - where a terminal takes both
#
# The agent reads what is left there, by this process's descriptors, when the engine has given what it has. It goes on
# until the agent ends it, or has written down the end.
kernel=$1 directory=$2 stdout=$3 stderr=$4

cd "$directory" || exit 1

# A pipe nobody writes to any more would make the shell wait, so for a moment it is a writer itself.
exec 4<>"$stdout"
exec 3</proc/self/fd/4 4>&-
if [ "$stderr" != - ]
then
    exec 4<>"$stderr"
    exec 5</proc/self/fd/4 4>&-
fi
echo $$ >holder || exit 1

while sleep 20 3<&- 5<&-
do
    [ ! -e exit ] && [ ! -e verdict ] && [ -e assignment ] || exit 0
done
