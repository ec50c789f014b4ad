package io.plimsoll.loadtest.proof;

/** A journal does not prove what it should; the message names the first sequence at which it does not. */
public final class ProofException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    /**
     * At a sequence.
     *
     * @param sequence that differs.
     * @param what     differs.
     */
    public ProofException(final long sequence, final String what)
    {
        super("sequence=" + sequence + ": " + what);
    }

    /**
     * At a sequence, because something was thrown there.
     *
     * @param sequence that was being handled.
     * @param what     was being done.
     * @param cause    that was thrown.
     */
    public ProofException(final long sequence, final String what, final Throwable cause)
    {
        super("sequence=" + sequence + ": " + what + ": " + cause, cause);
    }
}
