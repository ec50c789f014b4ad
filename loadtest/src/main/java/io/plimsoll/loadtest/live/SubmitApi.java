package io.plimsoll.loadtest.live;

/** Through which of a manager's ways in sessions are submitted. */
public enum SubmitApi
{
    /** The HTTP API. */
    HTTP("http"),
    /** The binary ingress. */
    BINARY("binary");

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
}
