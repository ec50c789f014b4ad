package io.plimsoll.agent.runtime;

/** A call of the container engine that did not do what it should; the message is for people. */
final class EngineException extends Exception
{
    private static final long serialVersionUID = 1L;

    private final Kind kind;

    EngineException(final Kind kind, final String message, final Throwable cause)
    {
        super(message, cause);
        this.kind = kind;
    }

    EngineException(final Kind kind, final String message)
    {
        this(kind, message, null);
    }

    Kind kind()
    {
        return kind;
    }

    /** What is known after it. */
    enum Kind
    {
        /** There is no such container, image or network. */
        NOT_FOUND,
        /** The name is taken, or the container is in another state. */
        CONFLICT,
        /** The engine has answered that it cannot. */
        REFUSED,
        /** Whether it was done is not known. */
        NO_ANSWER
    }
}
