# Writes a tar archive to stdout. Run as  sh -c SCRIPT plimsoll PATH FORM
#   named     the archive's root is the name of PATH
#   content   that of a directory is ".", so that it can be told from a file
command -v tar >/dev/null 2>&1 || { echo "there is no tar where the session runs" >&2; exit 1; }
[ -e "$1" ] || [ -L "$1" ] || { echo "$1 is not there" >&2; exit 4; }
d=$(dirname -- "$1") b=$(basename -- "$1")
case $2-$b in
    named-. | named-.. | named-/) set -- "$1" content ;;
esac
if [ "$2" = content ] && [ -d "$1" ]
then
    cd -- "$1" && exec tar -cf - .
else
    cd -- "$d" && exec tar -cf - "./$b"
fi
exit 1
