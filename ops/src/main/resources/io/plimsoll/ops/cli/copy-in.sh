# Reads a tar archive from stdin and puts what is in it in its place. Run as  sh -c SCRIPT plimsoll TARGET NAME KIND
#   file, directory   the archive's one root "it" becomes TARGET, or TARGET/NAME where TARGET is a directory
#   content           all that is in the archive goes into the directory TARGET
# Nothing has its final name before all of it is there.
target=$1 name=$2 kind=$3
fail()
{
    echo "$1" >&2
    exit "${2:-1}"
}
command -v tar >/dev/null 2>&1 || fail "there is no tar where the session runs"
case $target in
    /*) ;;
    *) target=$PWD/$target ;;
esac
if [ "$kind" = content ]
then
    [ -d "$target" ] || fail "$target is no directory" 4
elif [ -d "$target" ]
then
    target=${target%/}/$name
else
    case $target in
        */) fail "$target is not there" 4 ;;
    esac
fi
[ "$kind" != file ] || [ ! -d "$target" ] || fail "$target is a directory"
[ "$kind" = file ] || [ ! -e "$target" ] || [ -d "$target" ] || fail "$target is no directory"
parent=$(dirname -- "$target")
[ "$kind" != content ] || parent=$target
[ -d "$parent" ] || fail "$parent is not there" 4
[ -w "$parent" ] || fail "$parent: permission denied"
fresh=$(mktemp -d "$parent/.plimsoll-cp.XXXXXX") || exit 1
trap 'rm -rf "$fresh"' EXIT
trap 'exit 1' HUP INT TERM
if [ "$kind" = content ]
then
    mkdir "$fresh/it" && tar -C "$fresh/it" -xpof - || exit 1
else
    tar -C "$fresh" -xpof - || exit 1
    [ -e "$fresh/it" ] || [ -L "$fresh/it" ] || fail "the archive is not whole"
fi
if [ -d "$fresh/it" ] && [ ! -L "$fresh/it" ] && [ -d "$target" ]
then
    cd "$fresh/it" || exit 1
    find . -type d -exec sh -c 'cd "$1" && shift && for d in "$@"; do [ -d "$d" ] || mkdir -- "$d" || exit 1; done' sh "$target" {} + &&
        find . ! -type d -exec sh -c 't=$1 && shift && for f in "$@"; do mv -f -- "$f" "$t/$f" || exit 1; done' sh "$target" {} +
else
    mv -f -- "$fresh/it" "$target"
fi
