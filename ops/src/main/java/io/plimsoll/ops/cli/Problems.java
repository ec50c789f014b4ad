package io.plimsoll.ops.cli;

import io.plimsoll.transport.http.ApiException;
import io.plimsoll.transport.http.ApiProblemException;
import io.plimsoll.transport.http.CannotConnectException;

/** Turns a problem document of the API into the sentence and the exit code of the command line. */
final class Problems
{
    private Problems()
    {
    }

    /**
     * What a failed request means.
     *
     * @param failure   of the client.
     * @param startHint what to do if no manager listens.
     */
    static CliException exception(final ApiException failure, final String startHint)
    {
        if (failure instanceof ApiProblemException problem)
        {
            final String text = problem.detail().isEmpty() ? problem.getMessage() : problem.detail();
            return new CliException(exitCode(problem.status(), problem.code()), hint(problem.status(), text));
        }
        final String message = failure instanceof CannotConnectException ?
            failure.getMessage() + "; " + startHint : failure.getMessage();
        return new CliException(ExitCode.UNREACHABLE, message);
    }

    static int exitCode(final int status, final String code)
    {
        switch (code)
        {
            case "lost-tail", "not-lost-tail", "already-ended", "not-running":
                return ExitCode.CONFLICT;
            case "unknown-group":
                return 404 == status ? ExitCode.UNKNOWN : ExitCode.REJECTED;
            case "unsatisfiable", "unknown-slot", "out-of-range", "too-many-kernels",
                "too-many-dependencies", "poisoned", "unsupported", "quota-exceeded",
                "type-not-allowed", "unknown-policy", "bad-constraint":
                return ExitCode.REJECTED;
            case "unknown-dependency", "unknown-kernel":
                return ExitCode.UNKNOWN;
            default:
                break;
        }
        return switch (status)
        {
            case 401 -> ExitCode.UNAUTHENTICATED;
            case 403 -> ExitCode.REJECTED;
            case 404, 410 -> ExitCode.UNKNOWN;
            case 409 -> ExitCode.CONFLICT;
            case 422 -> ExitCode.REJECTED;
            case 429, 503, 504 -> ExitCode.OVERLOADED;
            default -> status < 500 ? ExitCode.USAGE : ExitCode.INTERNAL;
        };
    }

    private static String hint(final int status, final String detail)
    {
        return 401 == status ?
            detail + "; the token is in the data directory of the manager (--data DIR) or in PLIMSOLL_TOKEN" : detail;
    }
}
