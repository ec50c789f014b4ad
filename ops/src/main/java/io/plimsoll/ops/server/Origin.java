package io.plimsoll.ops.server;

/**
 * Where a value of the configuration came from.
 *
 * @param kind  what kind of place; a later one goes over an earlier one.
 * @param place file, variable, key of etcd, or option; empty for a default.
 * @param line  of a file, from 1; 0: none.
 */
record Origin(Kind kind, String place, int line)
{
    static final Origin DEFAULT = new Origin(Kind.DEFAULT, "", 0);

    /** In the order in which they go over each other. */
    enum Kind
    {
        DEFAULT, FILE, ENVIRONMENT, ETCD, OPTION
    }

    static Origin of(final Kind kind, final String place)
    {
        return new Origin(kind, place, 0);
    }

    /** Whether this goes over another. */
    boolean isOver(final Origin other)
    {
        return kind.compareTo(other.kind) >= 0;
    }

    /** Such as {@code default}, {@code plimsoll.yaml:3} or {@code environment PLIMSOLL_LISTEN}. */
    @Override
    public String toString()
    {
        return switch (kind)
        {
            case DEFAULT -> "default";
            case FILE -> 0 == line ? place : place + ":" + line;
            case ENVIRONMENT -> "environment " + place;
            case ETCD -> "etcd " + place;
            case OPTION -> "option " + place;
        };
    }

    /** What stands in front of a complaint. */
    String complaint()
    {
        return switch (kind)
        {
            case DEFAULT -> "";
            case FILE -> "configuration " + place + ": " + (0 == line ? "" : "line " + line + ": ");
            default -> this + ": ";
        };
    }
}
