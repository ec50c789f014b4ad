package io.plimsoll.loadtest.swf;

/** A log that cannot be read, with the line and the field where it went wrong. */
public final class SwfFormatException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final long line;
    private final int field;

    SwfFormatException(final String source, final long line, final int field, final String problem)
    {
        super(source + ", line " + line + (0 == field ? "" : ", field " + field) + ": " + problem);
        this.line = line;
        this.field = field;
    }

    /**
     * Where.
     *
     * @return the number of the line, from 1.
     */
    public long line()
    {
        return line;
    }

    /**
     * Where in the line.
     *
     * @return the number of the field, from 1, as the format counts them; 0 if it is the line as a whole.
     */
    public int field()
    {
        return field;
    }
}
