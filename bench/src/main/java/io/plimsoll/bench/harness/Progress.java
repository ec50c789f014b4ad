package io.plimsoll.bench.harness;

/** Is told what is being measured, so that people know why it takes so long. */
public interface Progress
{
    /** Tells nobody. */
    Progress NONE = what ->
    {
    };

    /** One line for each measurement, on standard error. */
    static Progress onStandardError()
    {
        return what -> System.err.println("plimsoll bench: " + what);
    }

    /**
     * A measurement begins.
     *
     * @param what it is.
     */
    void next(String what);
}
