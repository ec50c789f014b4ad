package io.plimsoll.manager.trace;

/** One request that is being followed. One thread at a time. */
public interface RequestSpan
{
    /** One that nobody follows. */
    RequestSpan NONE = new RequestSpan()
    {
        @Override
        public String traceparent()
        {
            return "";
        }

        @Override
        public void end(final String method, final String route, final int status)
        {
            // Nobody wants to know.
        }

        @Override
        public void end(final String name, final int status)
        {
            // Nor of these.
        }
    };

    /** What its sessions are to be followed under; empty: not at all. */
    String traceparent();

    /**
     * It was answered; a second time changes nothing.
     *
     * @param method of the request.
     * @param route  template of its path; empty: there is none.
     * @param status of the answer; 0: its sender has gone.
     */
    void end(String method, String route, int status);

    /**
     * One that is none of HTTP was answered; a second time changes nothing.
     *
     * @param name   of what was asked for.
     * @param status of the answer, as HTTP would have it; 0: its sender has gone.
     */
    void end(String name, int status);
}
