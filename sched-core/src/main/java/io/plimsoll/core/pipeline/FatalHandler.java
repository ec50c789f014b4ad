package io.plimsoll.core.pipeline;

/** Ends the process. Called once at most, by the thread of the stage that failed; from then on every stage rests. */
@FunctionalInterface
public interface FatalHandler
{
    /** Exit code: the core or egress reached a state that nobody understands. */
    int EXIT_INTERNAL = 70;
    /** Exit code: the journal could not store or synchronise; the files decide at the next start. */
    int EXIT_JOURNAL = 74;

    /**
     * Nothing more will be released.
     *
     * @param exitCode of the process.
     * @param cause    what was thrown.
     */
    void onFatal(int exitCode, Throwable cause);
}
