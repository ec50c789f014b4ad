package io.plimsoll.manager.http;

import java.util.LinkedHashMap;
import java.util.Map;

/** What went wrong with a request, as RFC 9457 has it. Built on one thread, then only read. */
final class Problem
{
    private final int status;
    private final String code;
    private final String detail;
    private final Map<String, Object> members = new LinkedHashMap<>();
    private int retryAfterSeconds;
    private String allow;

    /**
     * A problem.
     *
     * @param status HTTP status.
     * @param code   stable name in kebab case, for programs.
     * @param detail what is wrong and what would be right, for people.
     */
    Problem(final int status, final String code, final String detail)
    {
        this.status = status;
        this.code = code;
        this.detail = detail;
    }

    /** JSON pointer, parameter or slot that is wrong. */
    Problem field(final String field)
    {
        return with("field", field);
    }

    /** Further member: a String, a Long or a list of Strings. */
    Problem with(final String name, final Object value)
    {
        members.put(name, value);
        return this;
    }

    /** The same without one of these members. */
    Problem without(final String name)
    {
        members.remove(name);
        return this;
    }

    Problem retryAfter(final int seconds)
    {
        retryAfterSeconds = Math.max(1, seconds);
        return this;
    }

    Problem allow(final String methods)
    {
        allow = methods;
        return this;
    }

    ProblemException asException()
    {
        return new ProblemException(this);
    }

    int status()
    {
        return status;
    }

    String code()
    {
        return code;
    }

    String detail()
    {
        return detail;
    }

    Map<String, Object> members()
    {
        return members;
    }

    int retryAfterSeconds()
    {
        return retryAfterSeconds;
    }

    String allow()
    {
        return allow;
    }

    String title()
    {
        return switch (status)
        {
            case 400 -> "Bad request";
            case 401 -> "Not authenticated";
            case 403 -> "Not allowed";
            case 404 -> "Not found";
            case 405 -> "Method not allowed";
            case 406 -> "Not acceptable";
            case 408 -> "Request timed out";
            case 409 -> "Conflict";
            case 410 -> "Gone";
            case 412 -> "Changed meanwhile";
            case 413 -> "Body too large";
            case 414 -> "Request line too long";
            case 415 -> "Unsupported media type";
            case 422 -> "Cannot be done";
            case 426 -> "Upgrade required";
            case 429 -> "Too many requests";
            case 431 -> "Headers too large";
            case 503 -> "Not available now";
            case 504 -> "No answer in time";
            default -> "Internal error";
        };
    }
}
