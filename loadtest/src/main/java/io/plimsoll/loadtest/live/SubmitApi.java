package io.plimsoll.loadtest.live;

import io.plimsoll.transport.Choice;

/** Through which of a manager's ways in sessions are submitted. */
public enum SubmitApi
{
    /** The HTTP API. */
    HTTP("http"),
    /** The binary ingress. */
    BINARY("binary");

    private static final Choice<SubmitApi> CODES = Choice.of(values(), SubmitApi::code);

    private final String code;

    SubmitApi(final String code)
    {
        this.code = code;
    }

    /** As in options and results. */
    public String code()
    {
        return code;
    }

    /** Those that there are, by their codes. */
    public static Choice<SubmitApi> choice()
    {
        return CODES;
    }
}
