package io.plimsoll.manager.http;

/** Ends the handling of a request with a problem; carries no stack trace, because it is an answer and not a fault. */
final class ProblemException extends RuntimeException
{
    private static final long serialVersionUID = 1L;

    private final transient Problem problem;

    ProblemException(final Problem problem)
    {
        super(problem.code() + ": " + problem.detail(), null, false, false);
        this.problem = problem;
    }

    Problem problem()
    {
        return problem;
    }
}
